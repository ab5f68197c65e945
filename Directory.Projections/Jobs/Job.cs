using System.Text.Json.Nodes;
using Directory.Projections.Streams;

namespace Directory.Projections.Jobs;

/// <summary>Where a job stands.</summary>
public static class JobState
{
    /// <summary>Nobody has begun it.</summary>
    public const string Waiting = "waiting";

    public const string Running = "running";

    /// <summary>It has its result.</summary>
    public const string Done = "done";

    /// <summary>It ended without its result; the error says why.</summary>
    public const string Failed = "failed";

    /// <summary>Somebody asked for its end.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The node that ran it stopped or fell silent.</summary>
    public const string Interrupted = "interrupted";

    public static readonly IReadOnlyList<string> All = [Waiting, Running, Done, Failed, Cancelled, Interrupted];
}

/// <summary>Work that takes longer than a request.</summary>
/// <param name="Kind">What is done, such as <c>import.run</c>.</param>
/// <param name="State">One of <see cref="JobState"/>.</param>
/// <param name="Input">What it was asked to do; its shape is the kind's.</param>
/// <param name="Origin">Who asked, under which request; events that it causes tell of them.</param>
/// <param name="Phase">What it is doing, in a few words; null where there is nothing to tell apart.</param>
/// <param name="Done">How far it is, of <paramref name="Total"/>, which is null while it is not known.</param>
/// <param name="Result">What it found or made; null before the end.</param>
/// <param name="Error">Why it failed or was interrupted, for a human.</param>
public sealed record Job(
    Guid Id, string Tenant, string Kind, string State, JsonObject Input, Origin Origin, string? Phase, long Done, long? Total,
    bool CancelRequested, DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, JsonNode? Result, string? Error)
{
    public bool IsOver => State is not (JobState.Waiting or JobState.Running);
}

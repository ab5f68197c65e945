namespace Directory.Projections.Requests;

/// <summary>Which requests are asked for. What is null restricts nothing; everything given must hold.</summary>
public sealed record RequestFilter
{
    /// <summary>When they were received, inclusive.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True: refused or failed (400 and above); false: accepted.</summary>
    public bool? Failed { get; init; }

    public int? Status { get; init; }
    public string? ScimType { get; init; }
    public string? Method { get; init; }

    /// <summary>The path with <c>{id}</c> for an id.</summary>
    public string? Route { get; init; }

    /// <summary>The id or the name of a connection.</summary>
    public string? Connection { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The address it came from.</summary>
    public string? Source { get; init; }
}

/// <summary>A place in a list that is ordered by time and id, newest first.</summary>
public readonly record struct RecordPosition(DateTimeOffset Time, long Id);

/// <summary>A request as the log shows it.</summary>
/// <param name="DurationMs">Milliseconds.</param>
/// <param name="Outcome"><c>success</c> or <c>failure</c>.</param>
/// <param name="Events">How many events it caused.</param>
public sealed record RequestRow(
    long Id, DateTimeOffset Time, double DurationMs, string Method, string Path, string? Route, int Status, string Outcome, string? ScimType,
    string? Detail, string? ConnectionId, string? Connection, string? TokenId, string? TokenPrefix, string? Source, string? UserAgent,
    string RequestId, string? TraceId, long Times, long Events);

/// <summary>Requests that failed for the same reason.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The earliest one's time.</param>
/// <param name="Example">The detail of the latest.</param>
/// <param name="RequestId">The id of the latest.</param>
public sealed record CauseRow(
    int Status, string? ScimType, string Method, string? Route, string? Connection, long Count, DateTimeOffset First, DateTimeOffset Last,
    string? Example, string RequestId);

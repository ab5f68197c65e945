using System.Text.Json.Nodes;
using Directory.Projections.Jobs;
using Npgsql;

namespace Directory.Api.Jobs;

/// <summary>A kind of long work. One job of a kind runs at a time, on whichever node is free.</summary>
public interface IJobKind
{
    /// <summary>Its name in the table of jobs, such as <c>import.run</c>.</summary>
    string Name { get; }

    /// <summary>Does the work.</summary>
    /// <returns>What it found or made.</returns>
    /// <exception cref="Domain.Scim.ScimException">It cannot be done; the sentence becomes the job's error.</exception>
    Task<JsonNode?> Run(JobRun run, CancellationToken cancellation);

    /// <summary>Removes what it kept and is past its time; called now and then on every node.</summary>
    Task Tidy(DateTimeOffset now, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>One job on its way.</summary>
public sealed class JobRun(Job job, JobLeases leases)
{
    private string? _phase;
    private long _done, _total = -1;

    public Job Job => job;

    /// <summary>Whether its end is in the database already.</summary>
    public bool IsCompleted { get; private set; }

    internal (string? Phase, long Done, long? Total) Progress =>
        (Volatile.Read(ref _phase), Interlocked.Read(ref _done), Interlocked.Read(ref _total) is >= 0 and var total ? total : null);

    /// <summary>Says how far it is; whoever looks sees it within a second.</summary>
    public void Report(string phase, long done, long? total)
    {
        Volatile.Write(ref _phase, phase);
        Interlocked.Exchange(ref _done, done);
        Interlocked.Exchange(ref _total, total ?? -1);
    }

    /// <summary>Writes the end of the job as part of the transaction that does its work, so that both are there or neither.</summary>
    /// <exception cref="JobLostException">The transaction must not be committed.</exception>
    public async Task Complete(NpgsqlConnection connection, JsonNode? result, CancellationToken cancellation)
    {
        await leases.Complete(connection, job.Id, Interlocked.Read(ref _done), result, cancellation);
        IsCompleted = true;
    }
}

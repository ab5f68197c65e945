using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections.Jobs;
using Directory.Projections.Streams;

namespace Directory.Api.Jobs;

/// <summary>Where long work is asked for and looked after: what the endpoints and the pages share.</summary>
public sealed class JobDesk(JobTable table, JobSignal signal, TimeProvider clock)
{
    public const int DefaultCount = 50, MaximumCount = 200;

    /// <summary>The longest that a request waits for a job to end.</summary>
    public const int LongestWaitSeconds = 60;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks for work; it begins as soon as a node is free, whoever is still looking.</summary>
    /// <param name="kind">The <see cref="IJobKind.Name"/>.</param>
    public Task<Job> Start(string kind, JsonObject input, Origin origin, CancellationToken cancellation) =>
        Start(Guid.CreateVersion7(), kind, input, origin, cancellation);

    /// <summary>As the other, under an id that has been written down before the work can begin.</summary>
    public async Task<Job> Start(Guid id, string kind, JsonObject input, Origin origin, CancellationToken cancellation)
    {
        var job = await table.Add(id, kind, input, origin, cancellation);
        signal.Wake();
        return job;
    }

    /// <exception cref="ScimException">404.</exception>
    public async Task<Job> Find(string tenant, Guid id, CancellationToken cancellation) =>
        await table.Find(tenant, id, cancellation) ?? throw Unknown(id);

    /// <summary>Whether there is such a job that is not over.</summary>
    public async Task<bool> IsOpen(string tenant, Guid id, CancellationToken cancellation) =>
        await table.Find(tenant, id, cancellation) is { IsOver: false };

    /// <summary>The job when it is over, or as it is when the time has passed.</summary>
    /// <exception cref="ScimException">404.</exception>
    public async Task<Job> WhenOver(string tenant, Guid id, TimeSpan atMost, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var ended = signal.NextEnd; // before the look: an end in between is not missed
            var job = await Find(tenant, id, cancellation);
            var left = atMost - clock.GetElapsedTime(begun);
            if (job.IsOver || left <= TimeSpan.Zero) return job;
            await Task.WhenAny(ended, Task.Delay(left < Look ? left : Look, cancellation)); // it may run on another node
        }
    }

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Job>> Newest(string tenant, string? kind, string? state, int count, CancellationToken cancellation) =>
        table.Newest(tenant, kind, state, Math.Clamp(count, 1, MaximumCount), cancellation);

    /// <summary>Asks for its end; a job that is over stays as it is.</summary>
    /// <exception cref="ScimException">404.</exception>
    public async Task<Job> Cancel(string tenant, Guid id, CancellationToken cancellation)
    {
        var job = await table.Cancel(tenant, id, cancellation) ?? throw Unknown(id);
        signal.Wake();
        return job;
    }

    private static ScimException Unknown(Guid id) => new(ScimError.NotFound("job", id.ToString()));
}

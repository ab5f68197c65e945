using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Api.Integrity;
using Directory.Api.Jobs;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Directory.Projections.Jobs;
using Directory.Projections.Streams;

namespace Directory.Api.Audit;

/// <summary>Exports of the audit that are fetched later: what the endpoints and the pages share.</summary>
public sealed class ExportDesk(JobDesk jobs, IntegritySettings settings)
{
    public const string Csv = "csv", NdJson = "ndjson";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private string Folder => Path.Combine(settings.Folder, "exports");

    /// <param name="format"><see cref="Csv"/> or <see cref="NdJson"/>.</param>
    /// <param name="query">The filter as it was asked for, for the closing record.</param>
    public Task<Job> Start(Origin origin, AuditFilter filter, string format, string query, CancellationToken cancellation) => jobs.Start(
        ExportJob.Kind, new JsonObject { ["format"] = format, ["query"] = query, ["filter"] = JsonSerializer.SerializeToNode(filter) }, origin, cancellation);

    /// <exception cref="ScimException">404: the directory has no such export.</exception>
    public async Task<Job> Find(string tenant, Guid id, CancellationToken cancellation) =>
        await jobs.Find(tenant, id, cancellation) is { Kind: ExportJob.Kind } job ? job : throw new ScimException(ScimError.NotFound("export", id.ToString()));

    /// <summary>The export when it is over, or as it is when the time has passed.</summary>
    /// <exception cref="ScimException">404.</exception>
    public async Task<Job> WhenOver(string tenant, Guid id, TimeSpan atMost, CancellationToken cancellation)
    {
        await Find(tenant, id, cancellation);
        return await jobs.WhenOver(tenant, id, atMost, cancellation);
    }

    /// <summary>The newest exports of a directory.</summary>
    public Task<IReadOnlyList<Job>> Newest(string tenant, CancellationToken cancellation) =>
        jobs.Newest(tenant, ExportJob.Kind, null, JobDesk.DefaultCount, cancellation);

    /// <summary>Where the file of a finished export is.</summary>
    /// <exception cref="ScimException">404: it is not finished, too old, or on another node.</exception>
    public string File(Job job) =>
        job.State == JobState.Done && System.IO.File.Exists(PathOf(job)) ? PathOf(job)
        : throw new ScimException(new ScimError(404, null, job.State == JobState.Done
            ? "The file is not on this node: it is removed after a week, and lies where the export ran."
            : $"The export has no file; it is {job.State}."));

    internal string PathOf(Job job) => Path.Combine(Folder, $"{job.Id}.{(string?)job.Input["format"] ?? NdJson}");

    internal void RemoveOld(DateTimeOffset now)
    {
        if (!System.IO.Directory.Exists(Folder)) return;
        foreach (var file in new DirectoryInfo(Folder).EnumerateFiles().Where(f => now - f.LastWriteTimeUtc > Kept)) file.Delete();
    }
}

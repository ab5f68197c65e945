using System.Text.Json.Nodes;
using Directory.Api.Jobs;
using Directory.Domain.Imports;
using Directory.Domain.Scim;
using Directory.Projections.Imports;
using Directory.Projections.Jobs;
using Directory.Projections.Streams;

namespace Directory.Api.Imports;

/// <summary>Imports of users and groups known before: what the endpoints and the pages share. See docs/import.md.</summary>
public sealed class ImportDesk(ImportTable table, JobDesk jobs, RecordReader reader, TimeProvider clock)
{
    public const int Newest = 50;

    /// <summary>Keeps a file and has it checked; nothing of it is in the directory before it is run.</summary>
    /// <returns>The import, and the job that checks it.</returns>
    /// <exception cref="ScimException">400, 415: the file cannot be read at all.</exception>
    public async Task<(Import Import, Job Check)> Upload(Origin origin, ImportFile file, CancellationToken cancellation)
    {
        var read = file.Records(reader);
        var import = new Import(
            Guid.CreateVersion7(), origin.TenantId, file.Name, file.Format, file.Sha256, file.Content.Length, read.Records.Count, read.Ignored,
            [.. read.Records.SelectMany(r => r.Withheld).Distinct(StringComparer.OrdinalIgnoreCase)], clock.GetUtcNow(), origin.Actor.Name,
            null, null, null, null);
        await table.Add(import, read.Records, cancellation);
        var job = await Check(origin, import.Id, cancellation);
        return (import with { CheckJob = job.Id }, job);
    }

    /// <summary>Has a file checked again, since the directory may have changed.</summary>
    /// <exception cref="ScimException">404; 409 when it is imported already.</exception>
    public async Task<Job> CheckAgain(Origin origin, Guid id, CancellationToken cancellation)
    {
        DemandOpen(await Find(origin.TenantId, id, cancellation));
        return await Check(origin, id, cancellation);
    }

    /// <summary>Has a checked file imported: all of it or nothing.</summary>
    /// <exception cref="ScimException">404; 409 when it is not checked, has errors, is being imported or is imported already.</exception>
    public async Task<Job> Run(Origin origin, Guid id, CancellationToken cancellation)
    {
        var import = DemandOpen(await Find(origin.TenantId, id, cancellation));
        if (import.Errors is not { } errors) throw Refused("The file is not checked yet; look at its job.");
        if (errors > 0)
        {
            var first = import.Report!["errors"]![0]!;
            throw Refused($"The file has {errors} error{(errors == 1 ? "" : "s")}, and nothing of it is imported; the first is on line {first["line"]}: {first["message"]}");
        }

        if (import.RunJob is { } earlier && await jobs.IsOpen(origin.TenantId, earlier, cancellation))
            throw Refused("The file is being imported.");
        var job = Guid.CreateVersion7();
        await table.KeepRunJob(id, job, cancellation);
        return await jobs.Start(job, ImportRunJob.Kind, new JsonObject { ["import"] = id }, origin, cancellation);
    }

    /// <exception cref="ScimException">404.</exception>
    public async Task<Import> Find(string tenant, Guid id, CancellationToken cancellation) =>
        await table.Find(tenant, id, cancellation) ?? throw new ScimException(ScimError.NotFound("import", id.ToString()));

    public Task<IReadOnlyList<Import>> List(string tenant, CancellationToken cancellation) => table.Newest(tenant, Newest, cancellation);

    /// <summary>Forgets a file that is not to be imported.</summary>
    /// <exception cref="ScimException">404; 409 when it is imported already.</exception>
    public async Task Discard(string tenant, Guid id, CancellationToken cancellation)
    {
        DemandOpen(await Find(tenant, id, cancellation));
        await table.Discard(tenant, id, cancellation);
    }

    private async Task<Job> Check(Origin origin, Guid id, CancellationToken cancellation)
    {
        var job = Guid.CreateVersion7();
        await table.KeepCheckJob(id, job, cancellation); // before the job, which writes the report, can begin
        return await jobs.Start(job, ImportCheckJob.Kind, new JsonObject { ["import"] = id }, origin, cancellation);
    }

    private static Import DemandOpen(Import import) =>
        import.CompletedAt is null ? import : throw Refused("The file is imported already.");

    private static ScimException Refused(string detail) => new(ScimError.Conflict(detail));
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Api.Jobs;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Directory.Projections.Jobs;
using Directory.Projections.Provisioning;

namespace Directory.Api.Audit;

/// <summary>
/// Exports the audit into a file below the data folder of the node that runs it, with the closing record that an export as an answer has.
/// </summary>
public sealed class ExportJob(AuditQuery audit, AuditLists lists, TokenStore tokens, ExportDesk desk) : IJobKind
{
    public const string Kind = "audit.export";

    public string Name => Kind;

    public async Task<JsonNode?> Run(JobRun run, CancellationToken cancellation)
    {
        var job = run.Job;
        var filter = job.Input["filter"].Deserialize<AuditFilter>()!;
        var form = (string?)job.Input["format"] == ExportDesk.Csv ? ListForm.Csv : ListForm.NdJson;
        var name = $"audit-{job.RequestedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        var frame = new ExportFrame(
            name, job.Tenant, (string?)job.Input["query"] ?? "", lists.Now, StillAllowed(job.Origin.Actor.TokenId), lists.Checkpoint);

        var path = desk.PathOf(job);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var closing = await Write(path + ".part", filter, form, frame, run, cancellation);
        File.Move(path + ".part", path, overwrite: true);
        if (!closing.Complete) throw new ScimException(ScimError.Conflict($"The export is not complete: {closing.Reason}"));
        return new JsonObject
        {
            ["fileName"] = Path.GetFileName(name + Path.GetExtension(path)),
            ["bytes"] = new FileInfo(path).Length,
            ["closing"] = closing.ToJson(),
        };
    }

    public Task Tidy(DateTimeOffset now, CancellationToken cancellation)
    {
        desk.RemoveOld(now);
        return Task.CompletedTask;
    }

    private async Task<ClosingRecord> Write(
        string path, AuditFilter filter, ListForm form, ExportFrame frame, JobRun run, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        ExportWriter<StoredEntry>? writer = null;
        using (writer = new ExportWriter<StoredEntry>(EntryFormat.Format, form, frame, async chunk =>
        {
            await file.WriteAsync(chunk, cancellation);
            run.Report("exporting", writer!.Rows, null);
        }))
            return await writer.Write(audit.All(run.Job.Tenant, filter, cancellation), cancellation);
    }

    private Func<CancellationToken, Task<bool>> StillAllowed(string? tokenId) => Guid.TryParse(tokenId, out var token)
        ? cancellation => tokens.IsValid(token, cancellation)
        : _ => Task.FromResult(true);
}

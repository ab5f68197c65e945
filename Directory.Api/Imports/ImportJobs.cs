using System.Text.Json.Nodes;
using Directory.Api.Jobs;
using Directory.Domain.Imports;
using Directory.Domain.Scim;
using Directory.Projections.Imports;
using Directory.Projections.Jobs;

namespace Directory.Api.Imports;

/// <summary>The dry run: what a file would do, and everything that is wrong with it.</summary>
public sealed class ImportCheckJob(ImportTable table, ImportStream stream) : IJobKind
{
    public const string Kind = "import.check";

    private const int MostErrors = 1_000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public string Name => Kind;

    public async Task<JsonNode?> Run(JobRun run, CancellationToken cancellation)
    {
        var import = await run.Import(table, cancellation);
        run.Report("checking", 0, import.Records);
        var records = await table.Records(import.Id, cancellation);
        var plan = await stream.Check(import.Tenant, records, Guid.CreateVersion7, cancellation);
        var report = Report(plan);
        await table.KeepReport(import.Id, run.Job.Id, report, cancellation);
        run.Report("checking", import.Records, import.Records);
        report.Remove("errors"); // they name people, and are kept with the file only
        return report;
    }

    public Task Tidy(DateTimeOffset now, CancellationToken cancellation) => table.Purge(now - Kept, cancellation);

    private static JsonObject Report(ImportPlan plan) => new()
    {
        ["usersToCreate"] = plan.Users.Count,
        ["usersThere"] = plan.UsersThere,
        ["groupsToCreate"] = plan.GroupsMade,
        ["groupsThere"] = plan.GroupsThere,
        ["memberships"] = plan.Memberships,
        ["errorCount"] = plan.Errors.Count,
        ["errors"] = new JsonArray([.. plan.Errors.Take(MostErrors).Select(e => new JsonObject
        {
            ["line"] = e.Line,
            ["attribute"] = e.Attribute,
            ["message"] = e.Message,
        })]),
    };
}

/// <summary>The import itself, in one transaction with the end of its job: all of it or nothing, whatever happens on the way.</summary>
public sealed class ImportRunJob(ImportTable table, ImportStream stream) : IJobKind
{
    public const string Kind = "import.run";

    public string Name => Kind;

    public async Task<JsonNode?> Run(JobRun run, CancellationToken cancellation)
    {
        var import = await run.Import(table, cancellation);
        if (import.CompletedAt is not null) throw new ScimException(ScimError.Conflict("The file is imported already."));
        run.Report("importing", 0, null);
        JsonObject? result = null;
        await stream.Run(
            run.Job.Origin, import, Guid.CreateVersion7, (done, total) => run.Report("importing", done, total),
            (connection, completed) => run.Complete(connection, result = Result(completed), cancellation), cancellation);
        return result;
    }

    private static JsonObject Result(ImportCompleted completed) => new()
    {
        ["usersCreated"] = completed.UsersCreated,
        ["usersThere"] = completed.UsersThere,
        ["groupsCreated"] = completed.GroupsCreated,
        ["groupsExtended"] = completed.GroupsExtended,
        ["membersAdded"] = completed.MembersAdded,
        ["withheld"] = new JsonArray([.. completed.Withheld.Select(w => (JsonNode)w)]),
    };
}

/// <summary>The import that a job is about.</summary>
internal static class ImportOfJob
{
    public static async Task<Import> Import(this JobRun run, ImportTable table, CancellationToken cancellation) =>
        await table.Find(run.Job.Tenant, (Guid)run.Job.Input["import"]!, cancellation)
        ?? throw new ScimException(ScimError.Conflict("The file was discarded."));
}

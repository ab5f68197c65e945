using Directory.Api.Auth;
using Directory.Api.Jobs;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>Exports that are made in the background and fetched later. Shapes: docs/jobs.md.</summary>
public static class ExportRoutes
{
    private const string Path = "/api/audit/exports";

    /// <summary>Has what a search finds written into a file, as NDJSON or CSV as <c>Accept</c> says, and answers with the job that does it.</summary>
    [WolverinePost(Path)]
    [Takes("since", "until", "fromSequence", "toSequence", "actor", "connection", "token", "action", "eventType", "target", "targetType",
        "targetName", "externalId", "group", "member", "attribute", "outcome", "scimType", "requestId", "source", "text", "includeNoOps")]
    [Answers("Job", StatusCodes.Status202Accepted)]
    [Refuses(StatusCodes.Status406NotAcceptable)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> Start(HttpContext context, ExportDesk exports, CancellationToken cancellation)
    {
        var filter = Filter(context.Request.Query);
        var format = context.Form() == ListForm.Csv ? ExportDesk.Csv : ExportDesk.NdJson;
        return JobRoutes.Accepted(
            context, await exports.Start(context.Origin(), filter, format, AccessQueryText.Of(context.Request), cancellation), Path);
    }

    /// <summary>Lists the newest exports, newest first.</summary>
    [WolverineGet(Path)]
    [Answers("JobList")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> List(HttpContext context, ExportDesk exports, CancellationToken cancellation) =>
        ReplayJson.Result(new { jobs = (await exports.Newest(context.Tenant(), cancellation)).Select(JobJson.Of) });

    /// <summary>Tells how an export stands; its result has the closing record; with wait it answers when the export is over.</summary>
    [WolverineGet(Path + "/{id}")]
    [Takes("wait")]
    [Answers("Job")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> Get(string id, HttpContext context, ExportDesk exports, CancellationToken cancellation) =>
        ReplayJson.Result(JobJson.Of(await exports.WhenOver(context.Tenant(), Id(id), JobRoutes.Wait(context), cancellation)));

    /// <summary>Hands out the file of a finished export; it is kept for a week on the node that made it.</summary>
    [WolverineGet(Path + "/{id}/file")]
    [Answers("ExportFile", MediaTypes = [MediaTypes.NdJson, MediaTypes.Csv])]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> File(string id, HttpContext context, ExportDesk exports, CancellationToken cancellation)
    {
        var job = await exports.Find(context.Tenant(), Id(id), cancellation);
        var file = exports.File(job);
        context.Features.Set(new AccessCount((long?)job.Result?["closing"]?["rows"] ?? 0));
        context.Response.Headers.CacheControl = "no-store";
        var isCsv = file.EndsWith(ExportDesk.Csv, StringComparison.Ordinal);
        return Results.File(file, isCsv ? $"{MediaTypes.Csv}; charset=utf-8; header=present" : MediaTypes.NdJson, (string?)job.Result?["fileName"]);
    }

    /// <summary>What is to be exported.</summary>
    /// <exception cref="ScimException">400.</exception>
    internal static AuditFilter Filter(IQueryCollection query)
    {
        var asked = AuditParameters.Read(query);
        return asked is { Count: null, Cursor: null, After: null }
            ? asked.Filter
            : throw QueryParameters.Refused("An export has everything that is found; it takes no 'count', 'cursor', 'after' and 'follow'.");
    }

    private static Guid Id(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.NotFound("export", text));
}

using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Projections.Requests;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Requests;

/// <summary>The log of requests and the log of accesses, for an auditor. Parameters and shapes: docs/audit-api.md.</summary>
public static class RequestRoutes
{
    internal const int MostCauses = 1_000;

    internal static readonly RowFormat<RequestRow> RequestFormat = RowFormat<RequestRow>.OfProperties(
        new("id", r => Cell.Of(r.Id)), new("time", r => Cell.Of(r.Time)), new("durationMs", r => Cell.Of(r.DurationMs)),
        new("method", r => r.Method), new("path", r => r.Path), new("route", r => r.Route), new("status", r => Cell.Of(r.Status)),
        new("outcome", r => r.Outcome), new("scimType", r => r.ScimType), new("detail", r => r.Detail),
        new("connectionId", r => r.ConnectionId), new("connection", r => r.Connection), new("tokenId", r => r.TokenId),
        new("tokenPrefix", r => r.TokenPrefix), new("source", r => r.Source), new("userAgent", r => r.UserAgent),
        new("requestId", r => r.RequestId), new("traceId", r => r.TraceId), new("times", r => Cell.Of(r.Times)), new("events", r => Cell.Of(r.Events)));

    internal static readonly RowFormat<CauseRow> CauseFormat = RowFormat<CauseRow>.OfProperties(
        new("status", c => Cell.Of(c.Status)), new("scimType", c => c.ScimType), new("method", c => c.Method), new("route", c => c.Route),
        new("connection", c => c.Connection), new("count", c => Cell.Of(c.Count)), new("first", c => Cell.Of(c.First)),
        new("last", c => Cell.Of(c.Last)), new("example", c => c.Example), new("requestId", c => c.RequestId));

    private static readonly RowFormat<AccessRow> AccessFormat = RowFormat<AccessRow>.OfProperties(
        new("id", a => Cell.Of(a.Id)), new("time", a => Cell.Of(a.Time)), new("actorKind", a => a.ActorKind), new("actorId", a => a.ActorId),
        new("actorName", a => a.ActorName), new("tokenPrefix", a => a.TokenPrefix), new("method", a => a.Method), new("path", a => a.Path),
        new("filter", a => a.Filter), new("format", a => a.Format), new("status", a => Cell.Of(a.Status)), new("count", a => Cell.Of(a.Count)),
        new("source", a => a.Source), new("userAgent", a => a.UserAgent), new("requestId", a => a.RequestId));

    /// <summary>SCIM requests that were refused, and writes that were accepted, newest first.</summary>
    [WolverineGet("/api/audit/requests")]
    [Takes("since", "until", "requestOutcome", "status", "requestScimType", "method", "route", "connectionName", "requestIdOfRecord", "source",
        "count", "cursor")]
    [Answers("RequestPage", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetRequests(
        HttpContext context, RequestQuery requests, RequestJournal journal, AuditLists lists, CancellationToken cancellation)
    {
        var given = RequestParameters.Given(context.Request.Query);
        var (filter, form) = (RequestParameters.Filter(given), context.Form());
        await journal.Flush(cancellation);
        if (form != ListForm.Json)
            return lists.Export(context, "requests", requests.Read(context.Tenant(), filter, null, null, cancellation), RequestFormat, form);
        var page = await lists.Page(
            context.Tenant(), given, filter, (before, limit) => requests.Read(context.Tenant(), filter, before, limit, cancellation), RequestQuery.Position,
            AuditParameters.DefaultCount, cancellation);
        return AuditLists.Json(context, new { requests = page.Rows, nextCursor = page.NextCursor }, page.Rows.Count);
    }

    /// <summary>Refusals grouped by status, scimType, method, route and connection, the most frequent first.</summary>
    [WolverineGet("/api/audit/requests/causes")]
    [Takes("since", "until", "requestOutcome", "status", "requestScimType", "method", "route", "connectionName", "requestIdOfRecord", "source")]
    [Answers("CauseList", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetCauses(
        HttpContext context, RequestQuery requests, RequestJournal journal, AuditLists lists, CancellationToken cancellation)
    {
        var (filter, form) = (RequestParameters.Filter(new QueryParameters(context.Request.Query, RequestParameters.Filters)), context.Form());
        await journal.Flush(cancellation);
        var causes = await requests.Causes(context.Tenant(), filter, MostCauses, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, new { causes }, causes.Count)
            : lists.Export(context, "causes", causes.ToAsyncEnumerable(), CauseFormat, form);
    }

    /// <summary>Who read the audit and who administered, newest first.</summary>
    [WolverineGet("/api/audit/access")]
    [Takes("since", "until", "reader", "path", "count", "cursor")]
    [Answers("AccessPage", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetAccess(
        HttpContext context, AccessQuery accesses, RequestJournal journal, AuditLists lists, CancellationToken cancellation)
    {
        var given = new QueryParameters(context.Request.Query, "since", "until", "actor", "path", "count", "cursor");
        var (since, until) = given.Period("since", "until");
        var (filter, form) = (new AccessFilter(since, until, given.Text("actor"), given.Text("path")), context.Form());
        await journal.Flush(cancellation);
        if (form != ListForm.Json)
            return lists.Export(context, "access", accesses.Read(context.Tenant(), filter, null, null, cancellation), AccessFormat, form);
        var page = await lists.Page(
            context.Tenant(), given, filter, (before, limit) => accesses.Read(context.Tenant(), filter, before, limit, cancellation), AccessQuery.Position,
            AuditParameters.DefaultCount, cancellation);
        return AuditLists.Json(context, new { accesses = page.Rows, nextCursor = page.NextCursor }, page.Rows.Count);
    }
}

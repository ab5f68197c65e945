using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Projections.Reports;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>The reports, as JSON with a summary, or their rows as CSV or NDJSON. Parameters and shapes: docs/audit-api.md.</summary>
public static class ReportRoutes
{
    internal static readonly RowFormat<Deprovisioned> DeprovisionedFormat = RowFormat<Deprovisioned>.OfProperties(
        new("sequence", d => Cell.Of(d.Sequence)), new("time", d => Cell.Of(d.Time)), new("action", d => d.Action),
        new("userId", d => d.UserId.ToString()), new("userName", d => d.UserName), new("externalId", d => d.ExternalId),
        new("actor", d => d.Actor), new("requestId", d => d.RequestId), new("received", d => Cell.Of(d.Received)),
        new("effective", d => Cell.Of(d.Effective)), new("durationMs", d => Cell.Of(d.DurationMs)));

    internal static readonly RowFormat<Movement> MovementFormat = RowFormat<Movement>.OfProperties(
        new("kind", m => m.Kind), new("sequence", m => Cell.Of(m.Sequence)), new("time", m => Cell.Of(m.Time)), new("action", m => m.Action),
        new("userId", m => m.UserId.ToString()), new("userName", m => m.UserName), new("externalId", m => m.ExternalId),
        new("actor", m => m.Actor), new("attributes", m => string.Join(' ', m.Attributes)), new("sentence", m => m.Sentence));

    internal static readonly RowFormat<UntouchedUser> UntouchedFormat = RowFormat<UntouchedUser>.OfProperties(
        new("userId", u => u.UserId.ToString()), new("userName", u => u.UserName), new("externalId", u => u.ExternalId),
        new("active", u => Cell.Of(u.Active)), new("created", u => Cell.Of(u.Created)), new("lastModified", u => Cell.Of(u.LastModified)),
        new("lastTouched", u => Cell.Of(u.LastTouched)));

    internal static readonly RowFormat<NoOpPush> NoOpFormat = RowFormat<NoOpPush>.OfProperties(
        new("connectionId", n => n.ConnectionId), new("connection", n => n.Connection), new("targetType", n => n.TargetType),
        new("attribute", n => n.Attribute), new("pushes", n => Cell.Of(n.Pushes)), new("targets", n => Cell.Of(n.Targets)), new("last", n => Cell.Of(n.Last)));

    /// <summary>Deactivations and deletions of users: from the request to its effect, and what was refused.</summary>
    [WolverineGet("/api/audit/reports/deprovisioning")]
    [Takes("periodFrom", "periodTo")]
    [Answers("DeprovisioningReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetDeprovisioning(
        HttpContext context, Reports reports, AuditLists lists, CancellationToken cancellation)
    {
        var (period, form) = (Period(context.Request.Query, lists), context.Form());
        var report = await reports.Deprovisioning(context.Tenant(), period, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, report, report.Rows.Count)
            : lists.Export(context, "deprovisioning", report.Rows.ToAsyncEnumerable(), DeprovisionedFormat, form);
    }

    /// <summary>Who came, came back, moved and left.</summary>
    [WolverineGet("/api/audit/reports/joiners-movers-leavers")]
    [Takes("periodFrom", "periodTo")]
    [Answers("MovementReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetMovements(HttpContext context, Reports reports, AuditLists lists, CancellationToken cancellation)
    {
        var (period, form) = (Period(context.Request.Query, lists), context.Form());
        var report = await reports.Movements(context.Tenant(), period, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, report, report.Rows.Count)
            : lists.Export(context, "joiners-movers-leavers", report.Rows.ToAsyncEnumerable(), MovementFormat, form);
    }

    /// <summary>Live users whom a connection, or any, has not touched, ever or since.</summary>
    [WolverineGet("/api/audit/reports/untouched")]
    [Takes("connection", "since")]
    [Answers("UntouchedReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetUntouched(HttpContext context, Reports reports, AuditLists lists, CancellationToken cancellation)
    {
        var ((connection, since), form) = (Untouched(context.Request.Query), context.Form());
        var report = await reports.Untouched(context.Tenant(), connection, since, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, report, report.Rows.Count)
            : lists.Export(context, "untouched", report.Rows.ToAsyncEnumerable(), UntouchedFormat, form);
    }

    /// <summary>What was sent in requests that changed nothing, by attribute and connection.</summary>
    [WolverineGet("/api/audit/reports/no-op-pushes")]
    [Takes("periodFrom", "periodTo")]
    [Answers("NoOpReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetNoOpPushes(HttpContext context, Reports reports, AuditLists lists, CancellationToken cancellation)
    {
        var (period, form) = (Period(context.Request.Query, lists), context.Form());
        var report = await reports.NoOpPushes(context.Tenant(), period, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, report, report.Rows.Count)
            : lists.Export(context, "no-op-pushes", report.Rows.ToAsyncEnumerable(), NoOpFormat, form);
    }

    /// <summary><c>from</c> and <c>to</c>, half-open; <c>to</c> is by default the present.</summary>
    internal static ReportPeriod Period(IQueryCollection query, AuditLists lists)
    {
        var (from, to) = new QueryParameters(query, "from", "to").Period("from", "to");
        return from is { } first
            ? new ReportPeriod(first, to ?? lists.Now)
            : throw QueryParameters.Refused("'from' is missing: the instant to begin at.");
    }

    internal static (Guid? Connection, DateTimeOffset? Since) Untouched(IQueryCollection query)
    {
        var given = new QueryParameters(query, "connection", "since");
        return (given.Id("connection"), given.Time("since"));
    }
}

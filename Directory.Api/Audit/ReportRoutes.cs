using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Projections.Reports;
using Directory.Projections.Requests;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>The reports, as JSON with a summary, or their rows as CSV or NDJSON. Parameters and shapes: docs/audit-api.md.</summary>
public static class ReportRoutes
{
    /// <summary>Rows of a report; one that has more says <c>"truncated": true</c>.</summary>
    private const int MostRows = 100_000;

    private static readonly RowFormat<Deprovisioned> DeprovisionedFormat = RowFormat<Deprovisioned>.OfProperties(
        new("sequence", d => Cell.Of(d.Sequence)), new("time", d => Cell.Of(d.Time)), new("action", d => d.Action),
        new("userId", d => d.UserId.ToString()), new("userName", d => d.UserName), new("externalId", d => d.ExternalId),
        new("actor", d => d.Actor), new("requestId", d => d.RequestId), new("received", d => Cell.Of(d.Received)),
        new("effective", d => Cell.Of(d.Effective)), new("durationMs", d => Cell.Of(d.DurationMs)));

    private static readonly RowFormat<Movement> MovementFormat = RowFormat<Movement>.OfProperties(
        new("kind", m => m.Kind), new("sequence", m => Cell.Of(m.Sequence)), new("time", m => Cell.Of(m.Time)), new("action", m => m.Action),
        new("userId", m => m.UserId.ToString()), new("userName", m => m.UserName), new("externalId", m => m.ExternalId),
        new("actor", m => m.Actor), new("attributes", m => string.Join(' ', m.Attributes)), new("sentence", m => m.Sentence));

    private static readonly RowFormat<UntouchedUser> UntouchedFormat = RowFormat<UntouchedUser>.OfProperties(
        new("userId", u => u.UserId.ToString()), new("userName", u => u.UserName), new("externalId", u => u.ExternalId),
        new("active", u => Cell.Of(u.Active)), new("created", u => Cell.Of(u.Created)), new("lastModified", u => Cell.Of(u.LastModified)),
        new("lastTouched", u => Cell.Of(u.LastTouched)));

    private static readonly RowFormat<NoOpPush> NoOpFormat = RowFormat<NoOpPush>.OfProperties(
        new("connectionId", n => n.ConnectionId), new("connection", n => n.Connection), new("targetType", n => n.TargetType),
        new("attribute", n => n.Attribute), new("pushes", n => Cell.Of(n.Pushes)), new("targets", n => Cell.Of(n.Targets)), new("last", n => Cell.Of(n.Last)));

    /// <summary>Deactivations and deletions of users: from the request to its effect, and what was refused.</summary>
    [WolverineGet("/api/audit/reports/deprovisioning")]
    [Takes("periodFrom", "periodTo")]
    [Answers("DeprovisioningReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetDeprovisioning(
        HttpContext context, ReportQuery reports, RequestJournal journal, AuditLists lists, CancellationToken cancellation)
    {
        var (tenant, period, form) = (context.Tenant(), Period(context, lists), context.Form());
        await journal.Flush(cancellation);
        var rows = await reports.Deprovisioned(tenant, period, MostRows, cancellation);
        if (form != ListForm.Json) return lists.Export(context, "deprovisioning", rows.ToAsyncEnumerable(), DeprovisionedFormat, form);
        var refused = await reports.Refused(tenant, period, cancellation);
        return AuditLists.Json(context, new
        {
            period.From,
            period.To,
            deactivations = rows.Count(r => r.Action == "deactivate"),
            deletions = rows.Count(r => r.Action == "delete"),
            durationMs = DurationPercentiles.Of(rows.Where(r => r.DurationMs is not null).Select(r => r.DurationMs!.Value)),
            failures = new { count = refused.Sum(r => r.Count), causes = refused },
            truncated = rows.Count == MostRows,
            rows,
        }, rows.Count);
    }

    /// <summary>Who came, came back, moved and left.</summary>
    [WolverineGet("/api/audit/reports/joiners-movers-leavers")]
    [Takes("periodFrom", "periodTo")]
    [Answers("MovementReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetMovements(HttpContext context, ReportQuery reports, AuditLists lists, CancellationToken cancellation)
    {
        var (period, form) = (Period(context, lists), context.Form());
        var rows = await reports.Movements(context.Tenant(), period, MostRows, cancellation);
        if (form != ListForm.Json) return lists.Export(context, "joiners-movers-leavers", rows.ToAsyncEnumerable(), MovementFormat, form);
        return AuditLists.Json(context, new
        {
            period.From,
            period.To,
            joiners = Users("joiner"),
            returners = Users("returner"),
            movers = Users("mover"),
            leavers = Users("leaver"),
            truncated = rows.Count == MostRows,
            rows,
        }, rows.Count);

        int Users(string kind) => rows.Where(r => r.Kind == kind).Select(r => r.UserId).Distinct().Count();
    }

    /// <summary>Live users whom a connection, or any, has not touched, ever or since.</summary>
    [WolverineGet("/api/audit/reports/untouched")]
    [Takes("connection", "since")]
    [Answers("UntouchedReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetUntouched(HttpContext context, ReportQuery reports, AuditLists lists, CancellationToken cancellation)
    {
        var given = new QueryParameters(context.Request.Query, "connection", "since");
        var (connection, since, form) = (given.Id("connection"), given.Time("since"), context.Form());
        var rows = await reports.Untouched(context.Tenant(), connection, since, MostRows, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, new { connection, since, users = rows.Count, truncated = rows.Count == MostRows, rows }, rows.Count)
            : lists.Export(context, "untouched", rows.ToAsyncEnumerable(), UntouchedFormat, form);
    }

    /// <summary>What was sent in requests that changed nothing, by attribute and connection.</summary>
    [WolverineGet("/api/audit/reports/no-op-pushes")]
    [Takes("periodFrom", "periodTo")]
    [Answers("NoOpReport", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetNoOpPushes(HttpContext context, ReportQuery reports, AuditLists lists, CancellationToken cancellation)
    {
        var (period, form) = (Period(context, lists), context.Form());
        var rows = await reports.NoOpPushes(context.Tenant(), period, MostRows, cancellation);
        return form == ListForm.Json
            ? AuditLists.Json(context, new { period.From, period.To, truncated = rows.Count == MostRows, rows }, rows.Count)
            : lists.Export(context, "no-op-pushes", rows.ToAsyncEnumerable(), NoOpFormat, form);
    }

    /// <summary><c>from</c> and <c>to</c>, half-open; <c>to</c> is by default the present.</summary>
    private static ReportPeriod Period(HttpContext context, AuditLists lists)
    {
        var (from, to) = new QueryParameters(context.Request.Query, "from", "to").Period("from", "to");
        return from is { } first
            ? new ReportPeriod(first, to ?? lists.Now)
            : throw QueryParameters.Refused("'from' is missing: the instant to begin at.");
    }
}

using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Directory.Projections.Requests;
using Microsoft.AspNetCore.Authorization;

namespace Directory.Api.Pages.Trail;

/// <summary>What the pages let one download: the exports of /api/audit for whoever is signed in.</summary>
public static class Downloads
{
    public static void MapDownloads(this WebApplication app)
    {
        var pages = app.MapGroup("").RequireAuthorization(Roles.AuditPage).ExcludeFromDescription();
        pages.MapGet("/audit/export", Entries);
        pages.MapGet("/audit/exports/{id:guid}/file", ExportFile);
        pages.MapGet("/failures/export", Causes);
        pages.MapGet("/reports/{name}/export", Report);
    }

    private static IResult Entries(HttpContext context, AuditQuery audit, AuditLists lists)
    {
        var asked = AuditParameters.Read(WithoutFormat(context));
        return lists.Export(
            context, "audit", audit.All(context.Tenant(), asked.Filter, context.RequestAborted), EntryFormat.Format, Form(context));
    }

    // The endpoint's own method would bring its policy, which wants a token.
    private static Task<IResult> ExportFile(string id, HttpContext context, ExportDesk exports, CancellationToken cancellation) =>
        ExportRoutes.File(id, context, exports, cancellation);

    private static async Task<IResult> Causes(HttpContext context, RequestQuery requests, RequestJournal journal, AuditLists lists)
    {
        var filter = RequestParameters.Filter(RequestParameters.Given(WithoutFormat(context)));
        await journal.Flush(context.RequestAborted);
        var causes = await requests.Causes(context.Tenant(), filter, RequestRoutes.MostCauses, context.RequestAborted);
        return lists.Export(context, "failures", causes.ToAsyncEnumerable(), RequestRoutes.CauseFormat, Form(context));
    }

    private static async Task<IResult> Report(string name, HttpContext context, Reports reports, AuditLists lists)
    {
        var (form, tenant, gone) = (Form(context, json: true), context.Tenant(), context.RequestAborted);
        var query = WithoutFormat(context);
        switch (name)
        {
            case "deprovisioning":
                var left = await reports.Deprovisioning(tenant, ReportRoutes.Period(query, lists), gone);
                return Answer(left, left.Rows, ReportRoutes.DeprovisionedFormat);
            case "joiners-movers-leavers":
                var moved = await reports.Movements(tenant, ReportRoutes.Period(query, lists), gone);
                return Answer(moved, moved.Rows, ReportRoutes.MovementFormat);
            case "untouched":
                var (connection, since) = ReportRoutes.Untouched(query);
                var untouched = await reports.Untouched(tenant, connection, since, gone);
                return Answer(untouched, untouched.Rows, ReportRoutes.UntouchedFormat);
            case "no-op-pushes":
                var pushes = await reports.NoOpPushes(tenant, ReportRoutes.Period(query, lists), gone);
                return Answer(pushes, pushes.Rows, ReportRoutes.NoOpFormat);
            default:
                throw new ScimException(new ScimError(404, null, $"There is no report '{name}'."));
        }

        IResult Answer<T>(object report, IReadOnlyList<T> rows, RowFormat<T> format)
        {
            if (form != ListForm.Json) return lists.Export(context, name, rows.ToAsyncEnumerable(), format, form);
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{lists.Frame(context, name).Name}.json\"";
            return AuditLists.Json(context, report, rows.Count);
        }
    }

    // A link cannot say what it accepts, so the address does.
    private static ListForm Form(HttpContext context, bool json = false) => context.Request.Query["format"].ToString() switch
    {
        "csv" => ListForm.Csv,
        "ndjson" => ListForm.NdJson,
        "json" when json => ListForm.Json,
        _ => throw QueryParameters.Refused($"'format' must be csv{(json ? ", json" : "")} or ndjson."),
    };

    private static QueryCollection WithoutFormat(HttpContext context) =>
        new(context.Request.Query.Where(p => p.Key != "format").ToDictionary(p => p.Key, p => p.Value));
}

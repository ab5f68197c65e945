using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>Everything that one connection changed in a period, told target by target. Shapes: docs/replay.md.</summary>
public static class ConnectionRoutes
{
    /// <summary>Everything that a connection changed in a period, target by target.</summary>
    [WolverineGet("/api/audit/connections/{id}/changes")]
    [Takes("periodFrom", "periodTo", "count", "cursor")]
    [Answers("ConnectionChanges")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetChanges(
        string id, HttpContext context, Replay replay, ConnectionChanges connections, CancellationToken cancellation)
    {
        var tenant = context.Tenant();
        if (context.Text("from") is null) throw new ScimException(ScimError.InvalidValue("'from' is missing: the instant to begin at."));
        var start = replay.Cursors.Read(context, tenant);
        var period = context.Period(replay.Now, start);
        var page = await connections.Page(tenant, id, period, start?.After ?? Guid.Empty, context.Count(), cancellation);
        return ReplayJson.Result(new
        {
            connection = id,
            period.From,
            period.To,
            page.Targets,
            page.Entries,
            page.Changes,
            nextCursor = page.After is { } after ? replay.Cursors.Write(context, tenant, new PagePosition(after, period.To.UtcTicks)) : null,
        });
    }
}

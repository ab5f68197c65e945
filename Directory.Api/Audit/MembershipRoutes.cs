using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>
/// Who was in which group: at an instant (<c>at</c>), at any moment of a period (<c>from</c>, <c>to</c>), or, of a group, at a version.
/// Shapes: docs/replay.md.
/// </summary>
public static class MembershipRoutes
{
    /// <summary>The members of a group at an instant, at any moment of a period, or at a version.</summary>
    [WolverineGet("/api/audit/groups/{id}/members")]
    [Takes("momentAt", "spanFrom", "spanTo", "atVersion", "nested", "count", "cursor")]
    [Answers("MemberPage")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetMembers(string id, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var group = ReplayParameters.Id(replay.Groups, id);
        return context.Text("version") is { } version
            ? await AtVersion(group, version, context, replay, cancellation)
            : await InPeriod(group, context, replay, cancellation);
    }

    /// <summary>The groups of a user at an instant or in a period, those it was in through other groups included.</summary>
    [WolverineGet("/api/audit/users/{id}/groups")]
    [Takes("momentAt", "spanFrom", "spanTo")]
    [Answers("GroupsOf")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupsOfUser(string id, HttpContext context, Replay replay, CancellationToken cancellation) =>
        GroupsOf(replay.Users, id, context, replay, cancellation);

    /// <summary>The groups that a group was in at an instant or in a period, directly or through others.</summary>
    [WolverineGet("/api/audit/groups/{id}/groups")]
    [Takes("momentAt", "spanFrom", "spanTo")]
    [Answers("GroupsOf")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupsOfGroup(string id, HttpContext context, Replay replay, CancellationToken cancellation) =>
        GroupsOf(replay.Groups, id, context, replay, cancellation);

    private static async Task<IResult> GroupsOf(
        ResourceType type, string text, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var (tenant, id, period) = (context.Tenant(), ReplayParameters.Id(type, text), context.Period(replay.Now));
        await replay.AsOf(type, tenant, id, period.Last, cancellation);
        var groups = await replay.Memberships.GroupsOf(tenant, id, period, cancellation);
        return ReplayJson.Result(new
        {
            id,
            name = await replay.Name(tenant, id, period.Last, cancellation),
            period = Bounds(context, period),
            groups,
        });
    }

    private static async Task<IResult> InPeriod(Guid group, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var tenant = context.Tenant();
        var start = replay.Cursors.Read(context, tenant);
        var now = replay.Now;
        var period = context.Period(now, start);
        await replay.AsOf(replay.Groups, tenant, group, period.Last, cancellation);
        var page = await replay.Memberships.MembersOf(
            tenant, group, period, Nested(context), start?.After ?? Guid.Empty, context.Count(), cancellation);
        var until = start?.Until ?? (context.Text("from") is null ? period.From : period.To);
        return ReplayJson.Result(new
        {
            id = group,
            name = await replay.Name(tenant, group, period.Last, cancellation),
            period = Bounds(context, period),
            page.Count,
            page.Members,
            nextCursor = page.After is { } after ? replay.Cursors.Write(context, tenant, new PagePosition(after, until.UtcTicks)) : null,
        });
    }

    private static async Task<IResult> AtVersion(
        Guid group, string version, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        if (Nested(context) || context.Text("at") is not null || context.Text("from") is not null)
            throw new ScimException(ScimError.InvalidValue("A version is a moment of its own, and shows direct members only; use 'at'."));
        var (tenant, count) = (context.Tenant(), context.Count());
        var start = replay.Cursors.Read(context, tenant);
        var point = await replay.AtVersion(replay.Groups, tenant, group, version, cancellation);
        var members = await replay.Members.Page(tenant, group, point, start?.After ?? Guid.Empty, count + 1, cancellation);
        return ReplayJson.Result(new
        {
            id = group,
            name = await replay.Name(tenant, group, point.Time, cancellation),
            point.Version,
            count = await replay.Members.Count(tenant, group, point, cancellation),
            members = members.Take(count),
            nextCursor = members.Count > count ? replay.Cursors.Write(context, tenant, new PagePosition(members[count - 1].Id, 0)) : null,
        });
    }

    private static bool Nested(HttpContext context) => context.Text("nested") switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ScimException(ScimError.InvalidValue("'nested' is true or false.")),
    };

    private static object Bounds(HttpContext context, Period period) =>
        context.Text("from") is null ? new { at = period.From } : new { from = period.From, to = period.To };
}

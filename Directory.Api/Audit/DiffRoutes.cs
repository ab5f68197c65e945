using System.Text.Json.Nodes;
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
/// What differs between two places of a history, <c>from</c> and <c>to</c> (by default the present), each a version or an instant, in
/// either order. Shapes: docs/replay.md.
/// </summary>
public static class DiffRoutes
{
    private const int MostEntries = 1000;

    /// <summary>What differs in a user between two places of its history: attributes, groups gained and lost, and who did what in between.</summary>
    [WolverineGet("/api/audit/users/{id}/diff")]
    [Takes("diffFrom", "diffTo")]
    [Answers("UserDiff")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetUserDiff(string id, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var (tenant, user) = (context.Tenant(), ReplayParameters.Id(replay.Users, id));
        var (from, to) = await Ends(replay.Users, user, context, replay, cancellation);
        var answer = await Compare(replay.Users, tenant, user, from, to, replay, cancellation);
        var before = await GroupsAt(tenant, user, from, replay, cancellation);
        var after = await GroupsAt(tenant, user, to, replay, cancellation);
        answer["groups"] = new JsonObject
        {
            ["gained"] = ReplayJson.Node(after.ExceptBy(before.Select(g => g.Id), g => g.Id)),
            ["lost"] = ReplayJson.Node(before.ExceptBy(after.Select(g => g.Id), g => g.Id)),
        };
        return ReplayJson.Result(answer);
    }

    /// <summary>
    /// What differs in a group between two places of its history: attributes, members added and removed, and who did what in between.
    /// </summary>
    [WolverineGet("/api/audit/groups/{id}/diff")]
    [Takes("diffFrom", "diffTo", "count", "cursor")]
    [Answers("GroupDiff")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetGroupDiff(string id, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var (tenant, group, count) = (context.Tenant(), ReplayParameters.Id(replay.Groups, id), context.Count());
        var page = replay.Cursors.Read(context, tenant);
        var (from, to) = await Ends(replay.Groups, group, context, replay, cancellation, page);
        var answer = await Compare(replay.Groups, tenant, group, from, to, replay, cancellation);
        var (added, removed) = await replay.Members.CountChanges(tenant, group, from, to, cancellation);
        var changes = await replay.Members.PageOfChanges(tenant, group, from, to, page?.After ?? Guid.Empty, count + 1, cancellation);
        var members = new JsonObject
        {
            ["added"] = added,
            ["removed"] = removed,
            ["changes"] = ReplayJson.Node(changes.Take(count)),
        };
        if (changes.Count > count)
            members["nextCursor"] = replay.Cursors.Write(context, tenant, new PagePosition(changes[count - 1].Id, to.Version));
        answer["members"] = members;
        return ReplayJson.Result(answer);
    }

    /// <summary>The two places; a walk through pages keeps to the version that was the present when it began.</summary>
    private static async Task<(StreamPoint From, StreamPoint To)> Ends(
        ResourceType type, Guid id, HttpContext context, Replay replay, CancellationToken cancellation, PagePosition? page = null)
    {
        var from = context.Text("from")
            ?? throw new ScimException(ScimError.InvalidValue("'from' is missing: a version such as v3, or an instant."));
        var tenant = context.Tenant();
        var first = await replay.At(type, tenant, id, "from", from, cancellation);
        if (context.Text("to") is { } to) return (first, await replay.At(type, tenant, id, "to", to, cancellation));
        return (first, page is { } walk
            ? await replay.AtVersion(type, tenant, id, $"{walk.Mark}", cancellation)
            : await replay.AsOf(type, tenant, id, replay.Now, cancellation));
    }

    private static async Task<JsonObject> Compare(
        ResourceType type, string tenant, Guid id, StreamPoint from, StreamPoint to, Replay replay, CancellationToken cancellation)
    {
        var before = await replay.History.At(type, tenant, id, from.Version, cancellation);
        var after = await replay.History.At(type, tenant, id, to.Version, cancellation);
        var (low, high) = from.Version <= to.Version ? (from, to) : (to, from);
        var lines = await replay.Entries.Between(tenant, id, low, high, MostEntries + 1, cancellation);
        return new JsonObject
        {
            ["type"] = type.Name,
            ["id"] = id.ToString(),
            ["from"] = End(from, before),
            ["to"] = End(to, after),
            ["changes"] = ReplayJson.Node(AttributeDiff.Between(type, before?.Attributes ?? [], after?.Attributes ?? [])),
            ["entries"] = ReplayJson.Node(lines.Take(MostEntries)),
            ["moreEntries"] = lines.Count > MostEntries,
        };
    }

    private static JsonObject End(StreamPoint point, PastResource? resource)
    {
        var end = new JsonObject { ["version"] = point.Version, ["exists"] = resource is not null, ["deleted"] = resource?.IsDeleted ?? false };
        if (point.Version > 0) end["at"] = ResourceWriter.Time(point.Instant);
        return end;
    }

    private static async Task<IReadOnlyList<Membership>> GroupsAt(
        string tenant, Guid user, StreamPoint point, Replay replay, CancellationToken cancellation) =>
        point.Version == 0 ? [] : await replay.Memberships.GroupsOf(tenant, user, Period.At(point.Instant), cancellation);
}

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
    /// <summary>
    /// What differs in a user between two places of its history: attributes, groups gained and lost, and who did what in between.
    /// </summary>
    [WolverineGet("/api/audit/users/{id}/diff")]
    [Takes("diffFrom", "diffTo")]
    [Answers("UserDiff")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetUserDiff(
        string id, HttpContext context, Replay replay, Comparison comparison, CancellationToken cancellation)
    {
        var (tenant, user) = (context.Tenant(), ReplayParameters.Id(replay.Users, id));
        var (from, to) = await comparison.Ends(replay.Users, tenant, user, From(context), context.Text("to"), cancellation);
        var difference = await comparison.Between(replay.Users, tenant, user, from, to, cancellation);
        var answer = Answer(replay.Users, user, difference);
        answer["groups"] = new JsonObject
        {
            ["gained"] = ReplayJson.Node(difference.Gained),
            ["lost"] = ReplayJson.Node(difference.Lost),
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
    public static async Task<IResult> GetGroupDiff(
        string id, HttpContext context, Replay replay, Comparison comparison, CancellationToken cancellation)
    {
        var (tenant, group, count) = (context.Tenant(), ReplayParameters.Id(replay.Groups, id), context.Count());
        var page = replay.Cursors.Read(context, tenant);
        // A walk through pages keeps to the version that was the present when it began.
        var until = context.Text("to") ?? (page is { } walk ? $"{walk.Mark}" : null);
        var (from, to) = await comparison.Ends(replay.Groups, tenant, group, From(context), until, cancellation);
        var answer = Answer(replay.Groups, group, await comparison.Between(replay.Groups, tenant, group, from, to, cancellation));
        var changes = await comparison.Members(tenant, group, from, to, page?.After ?? Guid.Empty, count, cancellation);
        var members = new JsonObject
        {
            ["added"] = changes.Added,
            ["removed"] = changes.Removed,
            ["changes"] = ReplayJson.Node(changes.Changes),
        };
        if (changes.After is { } after) members["nextCursor"] = replay.Cursors.Write(context, tenant, new PagePosition(after, to.Version));
        answer["members"] = members;
        return ReplayJson.Result(answer);
    }

    private static string From(HttpContext context) => context.Text("from")
        ?? throw new ScimException(ScimError.InvalidValue("'from' is missing: a version such as v3, or an instant."));

    private static JsonObject Answer(ResourceType type, Guid id, Difference difference) => new()
    {
        ["type"] = type.Name,
        ["id"] = id.ToString(),
        ["from"] = End(difference.From, difference.Before),
        ["to"] = End(difference.To, difference.After),
        ["changes"] = ReplayJson.Node(difference.Changes),
        ["entries"] = ReplayJson.Node(difference.Entries),
        ["moreEntries"] = difference.MoreEntries,
    };

    private static JsonObject End(StreamPoint point, PastResource? resource)
    {
        var end = new JsonObject { ["version"] = point.Version, ["exists"] = resource is not null, ["deleted"] = resource?.IsDeleted ?? false };
        if (point.Version > 0) end["at"] = ResourceWriter.Time(point.Instant);
        return end;
    }
}

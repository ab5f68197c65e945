using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Admin;

/// <summary>
/// Puts a user or group back to an earlier version or instant, a deleted one under the same id, by new events; the preview tells the
/// same and changes nothing. Shapes: docs/replay.md.
/// </summary>
public static class RestoreRoutes
{
    /// <summary>Puts a user back to an earlier version or instant, a deleted one under the same id, by new events.</summary>
    [WolverinePost("/api/admin/users/{id}/restore")]
    [Takes("ifMatch")]
    [Reads("RestoreRequest")]
    [Answers("RestoredUser")]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> RestoreUser(string id, HttpContext context, Restoration restoration, Replay replay, CancellationToken cancellation) =>
        OfUser(id, context, restoration, replay, Outcome.Append, cancellation);

    /// <summary>What restoring the user would do; changes nothing.</summary>
    [WolverinePost("/api/admin/users/{id}/restore/preview")]
    [Takes("ifMatch")]
    [Reads("RestoreRequest")]
    [Answers("RestoredUser")]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> PreviewUser(string id, HttpContext context, Restoration restoration, Replay replay, CancellationToken cancellation) =>
        OfUser(id, context, restoration, replay, Outcome.Preview, cancellation);

    /// <summary>Puts a group back to an earlier version or instant, a deleted one under the same id, by new events.</summary>
    [WolverinePost("/api/admin/groups/{id}/restore")]
    [Takes("ifMatch")]
    [Reads("RestoreRequest")]
    [Answers("RestoredGroup")]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> RestoreGroup(string id, HttpContext context, Restoration restoration, Replay replay, CancellationToken cancellation) =>
        OfGroup(id, context, restoration, replay, Outcome.Append, cancellation);

    /// <summary>What restoring the group would do; changes nothing.</summary>
    [WolverinePost("/api/admin/groups/{id}/restore/preview")]
    [Takes("ifMatch")]
    [Reads("RestoreRequest")]
    [Answers("RestoredGroup")]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> PreviewGroup(string id, HttpContext context, Restoration restoration, Replay replay, CancellationToken cancellation) =>
        OfGroup(id, context, restoration, replay, Outcome.Preview, cancellation);

    private static async Task<IResult> OfUser(
        string text, HttpContext context, Restoration restoration, Replay replay, Outcome outcome, CancellationToken cancellation)
    {
        var (body, id) = (await ScimBody.Read(context.Request, AdminBody.Limit, cancellation), ReplayParameters.Id(replay.Users, text));
        var (request, origin) = (RestoreRequest.Parse(body.Json), context.Origin(body.Hash));
        var point = await restoration.Target(replay.Users, origin.TenantId, id, request, cancellation);
        var decision = await restoration.User(origin, id, context.IfMatch(), point, request.Sent, outcome, cancellation);
        var after = decision.After!;
        var member = new Member(id, Member.User, after.UserName, after.DisplayName);
        var memberships = request.Memberships
            ? await restoration.Memberships(origin, member, point, request.Sent, outcome, cancellation)
            : null;
        return ReplayJson.Result(new
        {
            preview = outcome == Outcome.Preview,
            origin.RequestId,
            type = replay.Users.Name,
            id,
            fromVersion = point.Version,
            undeleted = decision.Before!.IsDeleted && decision.Events.Count > 0,
            changed = decision.Events.Count > 0,
            changes = decision.Events.OfType<UserRestored>().SelectMany(e => e.Changes),
            memberships,
            resource = PastResource.Of(replay.Users, after).Representation,
        });
    }

    private static async Task<IResult> OfGroup(
        string text, HttpContext context, Restoration restoration, Replay replay, Outcome outcome, CancellationToken cancellation)
    {
        var (body, id) = (await ScimBody.Read(context.Request, AdminBody.Limit, cancellation), ReplayParameters.Id(replay.Groups, text));
        var (request, origin) = (RestoreRequest.Parse(body.Json), context.Origin(body.Hash));
        var point = await restoration.Target(replay.Groups, origin.TenantId, id, request, cancellation);
        var decision = await restoration.Group(origin, id, context.IfMatch(), point, request.Sent, outcome, cancellation);
        var after = decision.After!;
        var memberships = request.Memberships
            ? await restoration.Memberships(origin, new Member(id, Member.Group, after.DisplayName), point, request.Sent, outcome, cancellation)
            : null;
        return ReplayJson.Result(new
        {
            preview = outcome == Outcome.Preview,
            origin.RequestId,
            type = replay.Groups.Name,
            id,
            fromVersion = point.Version,
            undeleted = decision.Before!.IsDeleted && decision.Events.Count > 0,
            changed = decision.Events.Count > 0,
            changes = decision.Events.OfType<GroupRestored>().SelectMany(e => e.Changes),
            membersAdded = MemberList.Of([.. decision.Added]),
            membersRemoved = MemberList.Of([.. decision.Removed]),
            membersLeftOut = decision.LeftOut,
            memberships,
            resource = PastResource.Of(replay.Groups, after).Representation,
        });
    }
}

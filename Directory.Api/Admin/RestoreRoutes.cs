using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
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
        var body = await ScimBody.Read(context.Request, AdminBody.Limit, cancellation);
        var id = ReplayParameters.Id(replay.Users, text);
        return ReplayJson.Result(await restoration.OfUser(
            context.Origin(body.Hash), id, context.IfMatch(), RestoreRequest.Parse(body.Json), outcome, cancellation));
    }

    private static async Task<IResult> OfGroup(
        string text, HttpContext context, Restoration restoration, Replay replay, Outcome outcome, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, AdminBody.Limit, cancellation);
        var id = ReplayParameters.Id(replay.Groups, text);
        return ReplayJson.Result(await restoration.OfGroup(
            context.Origin(body.Hash), id, context.IfMatch(), RestoreRequest.Parse(body.Json), outcome, cancellation));
    }
}

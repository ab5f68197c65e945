using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Adoption;

/// <summary>
/// What an administrator does with local users and groups: 409 for those that a connection manages. <c>If-Match</c> is honoured. Shapes:
/// docs/local-users.md.
/// </summary>
public static class LocalRoutes
{
    /// <summary>Deactivates a local user; 409 for one that a connection manages.</summary>
    [WolverinePost("/api/admin/users/{id}/deactivate")]
    [Answers("LocalUser")]
    [Takes("ifMatch")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> Deactivate(string id, HttpContext context, LocalResources local, CancellationToken cancellation) =>
        Switch(id, false, context, local, cancellation);

    /// <summary>Reactivates a local user; 409 for one that a connection manages.</summary>
    [WolverinePost("/api/admin/users/{id}/reactivate")]
    [Answers("LocalUser")]
    [Takes("ifMatch")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> Reactivate(string id, HttpContext context, LocalResources local, CancellationToken cancellation) =>
        Switch(id, true, context, local, cancellation);

    /// <summary>Deletes a local user, who can be restored; 409 for one that a connection manages.</summary>
    [WolverineDelete("/api/admin/users/{id}")]
    [Answers(status: StatusCodes.Status204NoContent)]
    [Takes("ifMatch")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> DeleteUser(string id, HttpContext context, LocalResources local, CancellationToken cancellation)
    {
        await local.DeleteUser(context.Origin(), ScimParameters.Id(id, ResourceTypes.User), context.IfMatch(), cancellation);
        return Results.NoContent();
    }

    /// <summary>Deletes a local group, which can be restored; 409 for one that a connection manages.</summary>
    [WolverineDelete("/api/admin/groups/{id}")]
    [Answers(status: StatusCodes.Status204NoContent)]
    [Takes("ifMatch")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> DeleteGroup(string id, HttpContext context, LocalResources local, CancellationToken cancellation)
    {
        await local.DeleteGroup(context.Origin(), ScimParameters.Id(id, ResourceTypes.Group), context.IfMatch(), cancellation);
        return Results.NoContent();
    }

    /// <summary>Takes a user from the connection that manages it, so that another can take it over; 409 for a local one.</summary>
    [WolverinePost("/api/admin/users/{id}/release")]
    [Answers("LocalUser")]
    [Takes("ifMatch")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> ReleaseUser(string id, HttpContext context, LocalResources local, CancellationToken cancellation) =>
        Told(await local.ReleaseUser(context.Origin(), ScimParameters.Id(id, ResourceTypes.User), context.IfMatch(), cancellation));

    /// <summary>Takes a group from the connection that manages it, so that another can take it over; 409 for a local one.</summary>
    [WolverinePost("/api/admin/groups/{id}/release")]
    [Answers("LocalGroup")]
    [Takes("ifMatch")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> ReleaseGroup(string id, HttpContext context, LocalResources local, CancellationToken cancellation)
    {
        var decision = await local.ReleaseGroup(context.Origin(), ScimParameters.Id(id, ResourceTypes.Group), context.IfMatch(), cancellation);
        return ReplayJson.Result(new { decision.After!.Id, changed = decision.Events.Count > 0, decision.After.ManagedBy });
    }

    private static async Task<IResult> Switch(string id, bool active, HttpContext context, LocalResources local, CancellationToken cancellation) =>
        Told(await local.Switch(context.Origin(), ScimParameters.Id(id, ResourceTypes.User), active, context.IfMatch(), cancellation));

    private static IResult Told(UserDecision decision) => ReplayJson.Result(
        new { decision.After!.Id, changed = decision.Events.Count > 0, active = decision.After.IsActive, decision.After.ManagedBy });
}

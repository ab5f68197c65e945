using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Jobs;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Adoption;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Adoption;

/// <summary>Who manages which user and group. Shapes: docs/local-users.md.</summary>
public static class ManagementRoutes
{
    /// <summary>Lists users by who manages them, in the order of their creation.</summary>
    [WolverineGet("/api/admin/users")]
    [Takes("managedBy", "afterId", "count")]
    [Answers("ManagedUsers")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Users(HttpContext context, ManagedResources managed, CancellationToken cancellation)
    {
        var (managedBy, after, count) = Read(context);
        return ReplayJson.Result(new { users = await managed.UsersOf(context.Tenant(), managedBy, after, count, cancellation) });
    }

    /// <summary>Lists groups by who manages them, in the order of their creation.</summary>
    [WolverineGet("/api/admin/groups")]
    [Takes("managedBy", "afterId", "count")]
    [Answers("ManagedGroups")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Groups(HttpContext context, ManagedResources managed, CancellationToken cancellation)
    {
        var (managedBy, after, count) = Read(context);
        return ReplayJson.Result(new { groups = await managed.GroupsOf(context.Tenant(), managedBy, after, count, cancellation) });
    }

    /// <summary>Tells who manages a user.</summary>
    [WolverineGet("/api/admin/users/{id}")]
    [Answers("ManagedResource")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> GetUser(string id, HttpContext context, ManagedResources managed, CancellationToken cancellation) => ReplayJson.Result(
        await managed.User(context.Tenant(), ScimParameters.Id(id, ResourceTypes.User), cancellation) ?? throw new ScimException(ScimError.NotFound("User", id)));

    /// <summary>Tells who manages a group.</summary>
    [WolverineGet("/api/admin/groups/{id}")]
    [Answers("ManagedResource")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> GetGroup(string id, HttpContext context, ManagedResources managed, CancellationToken cancellation) => ReplayJson.Result(
        await managed.Group(context.Tenant(), ScimParameters.Id(id, ResourceTypes.Group), cancellation) ?? throw new ScimException(ScimError.NotFound("Group", id)));

    /// <summary>Releases everything that a connection manages, so that another can take it over, and answers with the job that does it.</summary>
    [WolverinePost("/api/admin/connections/{id}/release")]
    [Answers("Job", StatusCodes.Status202Accepted)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Release(string id, HttpContext context, JobDesk jobs, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(id, "D", out var connection)) throw new ScimException(ScimError.NotFound("connection", id));
        return JobRoutes.Accepted(
            context, await jobs.Start(ReleaseJob.Kind, ReleaseJob.Input(connection.ToString()), context.Origin(), cancellation), JobRoutes.Path);
    }

    private static (string? ManagedBy, Guid After, int Count) Read(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, "managedBy", "after", "count");
        var managedBy = query.Text("managedBy");
        if (managedBy is not (null or ManagedResources.Local)) managedBy = query.Id("managedBy").ToString();
        return (managedBy, query.Id("after") ?? Guid.Empty,
            (int)Math.Min(query.Number("count", 1) ?? AuditParameters.DefaultCount, AuditParameters.MaximumCount));
    }
}

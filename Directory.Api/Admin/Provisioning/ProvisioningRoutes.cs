using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Admin.Provisioning;

/// <summary>The switch, the connections and their brakes, for an administrator. Shapes: docs/administration.md.</summary>
public static class ProvisioningRoutes
{
    /// <summary>The switch, the settings, what an identity provider asks for, and every connection and token.</summary>
    [WolverineGet("/api/admin/provisioning")]
    [Answers("Provisioning")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Get(HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation) =>
        ReplayJson.Result(await provisioning.Show(context.Tenant(), ScimAddress.Of(context).BaseUrl, cancellation));

    /// <summary>Switches provisioning on or off, pauses or resumes it, or changes the settings; switching needs a confirmation.</summary>
    [WolverinePut("/api/admin/provisioning")]
    [Reads("SwitchRequest")]
    [Answers("Provisioning")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Put(HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<SwitchRequest>(context);
        await provisioning.Switch(origin, request, cancellation);
        return await Get(context, provisioning, cancellation);
    }

    /// <summary>The connections, how they fare, and their tokens.</summary>
    [WolverineGet("/api/admin/connections")]
    [Answers("Connections")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> GetConnections(HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation) =>
        ReplayJson.Result(new { (await provisioning.Show(context.Tenant(), ScimAddress.Of(context).BaseUrl, cancellation)).Connections });

    /// <summary>Sets up a connection, which a SCIM token is then issued for.</summary>
    [WolverinePost("/api/admin/connections")]
    [Reads("ConnectionRequest")]
    [Answers("Connection", 201)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> PostConnection(HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<ConnectionRequest>(context);
        var id = await provisioning.Connect(origin, request, cancellation);
        context.Response.Headers.Location = $"/api/admin/connections/{id}";
        return Results.Json(await provisioning.ShowConnection(context.Tenant(), id, cancellation), ReplayJson.Options, statusCode: 201);
    }

    /// <summary>One connection, how it fares, and its tokens.</summary>
    [WolverineGet("/api/admin/connections/{id}")]
    [Answers("Connection")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> GetConnection(
        string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation) =>
        ReplayJson.Result(await provisioning.ShowConnection(context.Tenant(), Id(id), cancellation));

    /// <summary>Renames a connection; the audit keeps the names that it had.</summary>
    [WolverinePut("/api/admin/connections/{id}")]
    [Reads("ConnectionRequest")]
    [Answers("Connection")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> PutConnection(
        string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<ConnectionRequest>(context);
        await provisioning.Rename(origin, Id(id), request, cancellation);
        return await GetConnection(id, context, provisioning, cancellation);
    }

    /// <summary>Removes a connection and revokes its tokens; what it provisioned stays as it is.</summary>
    [WolverineDelete("/api/admin/connections/{id}")]
    [Answers(null, 204)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> DeleteConnection(
        string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        await provisioning.Remove(context.Origin(), Id(id), cancellation);
        return Results.NoContent();
    }

    /// <summary>Answers the connection 503 from here on, so that its client tries again later.</summary>
    [WolverinePost("/api/admin/connections/{id}/pause")]
    [Reads("PauseRequest")]
    [Answers("Connection")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Pause(string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<PauseRequest>(context);
        await provisioning.Pause(origin, Id(id), request, cancellation);
        return await GetConnection(id, context, provisioning, cancellation);
    }

    /// <summary>Lets a paused connection go on; its brake counts anew.</summary>
    [WolverinePost("/api/admin/connections/{id}/resume")]
    [Reads("PauseRequest")]
    [Answers("Connection")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Resume(string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<PauseRequest>(context);
        await provisioning.Resume(origin, Id(id), request, cancellation);
        return await GetConnection(id, context, provisioning, cancellation);
    }

    /// <summary>Sets how many deactivations and deletions the connection may send within a stretch of time.</summary>
    [WolverinePut("/api/admin/connections/{id}/brake")]
    [Reads("BrakeRequest")]
    [Answers("Connection")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> PutBrake(string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<BrakeRequest>(context);
        await provisioning.SetBrake(origin, Id(id), request, cancellation);
        return await GetConnection(id, context, provisioning, cancellation);
    }

    private static Guid Id(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.NotFound("connection", text));
}

using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Admin.Provisioning;

/// <summary>Tokens of all kinds, for an administrator. Shapes: docs/administration.md.</summary>
public static class TokenRoutes
{
    /// <summary>All tokens, without their values, the expired and revoked ones too.</summary>
    [WolverineGet("/api/admin/tokens")]
    [Answers("Tokens")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> GetTokens(HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation) =>
        ReplayJson.Result(new { Tokens = await provisioning.ShowTokens(context.Tenant(), cancellation) });

    /// <summary>Issues a token; this answer is the only one that ever holds its value.</summary>
    [WolverinePost("/api/admin/tokens")]
    [Reads("TokenRequest")]
    [Answers("NewToken", 201)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> PostToken(HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        var (request, origin) = await AdminRequest.Read<TokenRequest>(context);
        var issued = await provisioning.Issue(origin, request, cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(issued, ReplayJson.Options, statusCode: 201);
    }

    /// <summary>Revokes a token, which is refused from here on by every node.</summary>
    [WolverineDelete("/api/admin/tokens/{id}")]
    [Takes("reason")]
    [Answers(null, 204)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> DeleteToken(
        string id, HttpContext context, ProvisioningAdministration provisioning, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(id, "D", out var token)) throw new ScimException(ScimError.NotFound("token", id));
        var reason = context.Request.Query["reason"].ToString();
        await provisioning.Revoke(context.Origin(), token, new PauseRequest { Reason = reason.Length == 0 ? null : reason }, cancellation);
        return Results.NoContent();
    }
}

using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Users;

/// <summary>GET /Users/{id} (RFC 7644 §3.4.1).</summary>
public static class GetUser
{
    /// <summary>A user (RFC 7644 §3.4.1).</summary>
    [WolverineGet(ScimAddress.Path + "/Users/{id}")]
    [Takes("attributes", "excludedAttributes", "ifMatch", "ifNoneMatch")]
    [Answers("User")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Get(string id, HttpContext context, UserResources users, CancellationToken cancellation)
    {
        var shape = context.Shape(users.Type);
        var user = await users.Query.Find(
            context.Tenant(), ScimParameters.Id(id, users.Type), ScimAddress.Of(context).BaseUrl, shape.Includes("groups"), cancellation);
        return new ScimResult(user ?? throw new ScimException(ScimError.NotFound(users.Type.Name, id)), shape);
    }
}

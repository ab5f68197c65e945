using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Groups;

/// <summary>GET /Groups/{id} (RFC 7644 §3.4.1).</summary>
public static class GetGroup
{
    /// <summary>A group with its members (RFC 7644 §3.4.1).</summary>
    [WolverineGet(ScimAddress.Path + "/Groups/{id}")]
    [Takes("attributes", "excludedAttributes", "ifMatch", "ifNoneMatch")]
    [Answers("Group")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Get(string id, HttpContext context, GroupResources groups, CancellationToken cancellation)
    {
        var shape = context.Shape(groups.Type);
        var group = await groups.Query.Find(
            context.Tenant(), ScimParameters.Id(id, groups.Type), ScimAddress.Of(context).BaseUrl, shape.Includes("members"), cancellation);
        return new ScimResult(group ?? throw new ScimException(ScimError.NotFound(groups.Type.Name, id)), shape);
    }
}

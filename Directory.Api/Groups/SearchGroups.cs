using Directory.Api.Auth;
using Directory.Api.Protocol;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Groups;

/// <summary>GET /Groups (RFC 7644 §3.4.2).</summary>
public static class SearchGroups
{
    [WolverineGet(ScimAddress.Path + "/Groups")]
    [Authorize(Roles.ScimPolicy)]
    public static Task<IResult> Get(HttpContext context, GroupResources groups, CancellationToken cancellation) =>
        ScimList.Get(context, groups.Query, "members", cancellation);
}

using Directory.Api.Auth;
using Directory.Api.Protocol;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Users;

/// <summary>GET /Users (RFC 7644 §3.4.2).</summary>
public static class SearchUsers
{
    [WolverineGet(ScimAddress.Path + "/Users")]
    [Authorize(Roles.ScimPolicy)]
    public static Task<IResult> Get(HttpContext context, UserResources users, CancellationToken cancellation) =>
        ScimList.Get(context, users.Query, "groups", cancellation);
}

using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Users;

/// <summary>GET /Users (RFC 7644 §3.4.2) and POST /Users/.search (§3.4.3).</summary>
public static class SearchUsers
{
    /// <summary>Finds users (RFC 7644 §3.4.2).</summary>
    [WolverineGet(ScimAddress.Path + "/Users")]
    [Takes("filter", "sortBy", "sortOrder", "startIndex", "scimCount", "scimCursor", "attributes", "excludedAttributes")]
    [Answers("UserList")]
    [Authorize(Roles.ScimPolicy)]
    public static Task<IResult> Get(HttpContext context, UserResources users, CancellationToken cancellation) =>
        ScimList.Find(context, context.Search(), [users.Query.Table], cancellation);

    /// <summary>Finds users; the query is in the body (RFC 7644 §3.4.3).</summary>
    [WolverinePost(ScimAddress.Path + "/Users/.search")]
    [Reads("SearchRequest")]
    [Answers("UserList")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Post(HttpContext context, UserResources users, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, SearchAll.BodyLimit, cancellation);
        return await ScimList.Find(context, SearchRequest.Parse(body.Json), [users.Query.Table], cancellation);
    }
}

using Directory.Api.Auth;
using Directory.Api.Groups;
using Directory.Api.OpenApi;
using Directory.Api.Users;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Protocol;

/// <summary>
/// GET / and POST /.search: resources of every type at once (RFC 7644 §3.4.2.1 and §3.4.3), users and groups in one order.
/// </summary>
public static class SearchAll
{
    /// <summary>Bytes of a search request: the longest filter, and room for the names of attributes.</summary>
    public const long BodyLimit = 64 * 1024;

    /// <summary>Finds users and groups in one order (RFC 7644 §3.4.2.1).</summary>
    [WolverineGet(ScimAddress.Path)]
    [Takes("filter", "sortBy", "sortOrder", "startIndex", "scimCount", "scimCursor", "attributes", "excludedAttributes")]
    [Answers("ResourceList")]
    [Authorize(Roles.ScimPolicy)]
    public static Task<IResult> Get(HttpContext context, UserResources users, GroupResources groups, CancellationToken cancellation) =>
        ScimList.Find(context, context.Search(), [users.Query.Table, groups.Query.Table], cancellation);

    /// <summary>Finds users and groups; the query is in the body (RFC 7644 §3.4.3).</summary>
    [WolverinePost(ScimAddress.Path + "/.search")]
    [Reads("SearchRequest")]
    [Answers("ResourceList")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Post(HttpContext context, UserResources users, GroupResources groups, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, BodyLimit, cancellation);
        return await ScimList.Find(context, SearchRequest.Parse(body.Json), [users.Query.Table, groups.Query.Table], cancellation);
    }
}

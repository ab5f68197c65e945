using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Groups;

/// <summary>GET /Groups (RFC 7644 §3.4.2) and POST /Groups/.search (§3.4.3).</summary>
public static class SearchGroups
{
    /// <summary>Finds groups (RFC 7644 §3.4.2).</summary>
    [WolverineGet(ScimAddress.Path + "/Groups")]
    [Takes("filter", "sortBy", "sortOrder", "startIndex", "scimCount", "scimCursor", "attributes", "excludedAttributes")]
    [Answers("GroupList")]
    [Authorize(Roles.ScimPolicy)]
    public static Task<IResult> Get(HttpContext context, GroupResources groups, CancellationToken cancellation) =>
        ScimList.Find(context, context.Search(), [groups.Query.Table], cancellation);

    /// <summary>Finds groups; the query is in the body (RFC 7644 §3.4.3).</summary>
    [WolverinePost(ScimAddress.Path + "/Groups/.search")]
    [Reads("SearchRequest")]
    [Answers("GroupList")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Post(HttpContext context, GroupResources groups, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, SearchAll.BodyLimit, cancellation);
        return await ScimList.Find(context, SearchRequest.Parse(body.Json), [groups.Query.Table], cancellation);
    }
}

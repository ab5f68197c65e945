using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Discovery;

/// <summary>
/// /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 §4), rendered from the tables that requests are held against.
/// </summary>
public static class DiscoveryRoutes
{
    /// <summary>What the service can do (RFC 7643 §5).</summary>
    [WolverineGet(ScimAddress.Path + "/ServiceProviderConfig")]
    [Answers("Discovery")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetServiceProviderConfig(HttpContext context) =>
        new JsonResult(ServiceProviderConfig.Render(Features.Announced, ScimAddress.Of(context).BaseUrl));

    /// <summary>The types of resources (RFC 7643 §6).</summary>
    [WolverineGet(ScimAddress.Path + "/ResourceTypes")]
    [Answers("ResourceList")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetResourceTypes(HttpContext context, SchemaRegistry registry) =>
        List(context, [.. registry.ResourceTypes.Select(t => SchemaRendering.ResourceType(t, ScimAddress.Of(context).BaseUrl))]);

    /// <summary>One type of resources.</summary>
    [WolverineGet(ScimAddress.Path + "/ResourceTypes/{id}")]
    [Answers("Discovery")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetResourceType(string id, HttpContext context, SchemaRegistry registry) =>
        registry.ResourceTypes.FirstOrDefault(t => string.Equals(t.Name, id, StringComparison.OrdinalIgnoreCase)) is { } type
            ? new JsonResult(SchemaRendering.ResourceType(type, ScimAddress.Of(context).BaseUrl))
            : throw new ScimException(ScimError.NotFound("ResourceType", id));

    /// <summary>The schemas (RFC 7643 §7).</summary>
    [WolverineGet(ScimAddress.Path + "/Schemas")]
    [Answers("ResourceList")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetSchemas(HttpContext context, SchemaRegistry registry) =>
        List(context, [.. registry.Schemas.Select(s => SchemaRendering.Schema(s, ScimAddress.Of(context).BaseUrl))]);

    /// <summary>One schema, by its URN.</summary>
    [WolverineGet(ScimAddress.Path + "/Schemas/{id}")]
    [Answers("Discovery")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetSchema(string id, HttpContext context, SchemaRegistry registry) =>
        registry.Schemas.FirstOrDefault(s => string.Equals(s.Id, id, StringComparison.OrdinalIgnoreCase)) is { } schema
            ? new JsonResult(SchemaRendering.Schema(schema, ScimAddress.Of(context).BaseUrl))
            : throw new ScimException(ScimError.NotFound("Schema", id));

    // RFC 7644 §4: these lists are not filtered; a filter is refused, so that nobody takes the whole list for a result.
    private static JsonResult List(HttpContext context, IReadOnlyList<JsonNode> resources) =>
        context.Request.Query.ContainsKey("filter")
            ? throw new ScimException(ScimError.Forbidden("Discovery endpoints take no filter."))
            : new JsonResult(new JsonObject
            {
                ["schemas"] = new JsonArray(ScimUrns.ListResponse),
                ["totalResults"] = resources.Count,
                ["startIndex"] = 1,
                ["itemsPerPage"] = resources.Count,
                ["Resources"] = new JsonArray([.. resources]),
            });

    /// <summary>The entity tag is a digest of the text, which only another version of the service or other settings change.</summary>
    private sealed class JsonResult(JsonObject json) : IResult
    {
        private const int TagLength = 16;

        public async Task ExecuteAsync(HttpContext context)
        {
            var bytes = Encoding.UTF8.GetBytes(json.ToJsonString(ScimJson.Options));
            var etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, TagLength))}\"";
            context.Response.Headers.ETag = etag;
            if (context.IsKnown(etag)) context.Response.StatusCode = StatusCodes.Status304NotModified;
            else await ScimJson.Write(context, StatusCodes.Status200OK, bytes);
        }
    }
}

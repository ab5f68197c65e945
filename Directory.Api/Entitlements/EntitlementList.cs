using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;

namespace Directory.Api.Entitlements;

/// <summary>A query of RFC 7644 §3.4.2 over resources that are all in memory.</summary>
public sealed class EntitlementList(JsonObject json) : IResult
{
    public Task ExecuteAsync(HttpContext context) => ScimJson.Write(context, StatusCodes.Status200OK, json.ToJsonString(ScimJson.Options));

    public static EntitlementList Of(HttpContext context, ResourceType type, IReadOnlyList<JsonObject> resources)
    {
        var parameters = context.Request.Query;
        var shape = context.Shape(type);
        var address = ScimAddress.Of(context);
        var page = Page.Parse(parameters["startIndex"].ToString(), parameters["count"].ToString());
        var filter = parameters["filter"].ToString() is { Length: > 0 } text ? FilterParser.Parse(text, type) : null;
        var found = resources.Select(r => Complete(r, type, address)).Where(r => filter is null || FilterEvaluator.Matches(filter, r)).ToList();
        var rows = found.Skip((int)Math.Min(page.StartIndex - 1, int.MaxValue)).Take(page.Count).Select(shape.Apply).ToArray();
        return new EntitlementList(new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.ListResponse),
            ["totalResults"] = found.Count,
            ["startIndex"] = page.StartIndex,
            ["itemsPerPage"] = rows.Length,
            ["Resources"] = new JsonArray(rows),
        });
    }

    /// <summary>A copy with <c>meta</c>, of which there is no time and no version: the file is the source.</summary>
    public static JsonObject Complete(JsonObject resource, ResourceType type, ScimAddress address)
    {
        var copy = (JsonObject)resource.DeepClone();
        copy["meta"] = new JsonObject
        {
            ["resourceType"] = type.Name,
            ["location"] = $"{address.BaseUrl}{type.Endpoint}/{Uri.EscapeDataString((string)resource["id"]!)}",
        };
        return copy;
    }
}

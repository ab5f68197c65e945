using System.Text;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections.Streams;

namespace Directory.Api.Protocol;

/// <summary>A resource on its way out: its body completed by its address and what lives in rows, shaped as asked for, with its entity tag.</summary>
public sealed class ScimResult(StoredResource resource, ResponseShape shape, int status = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        var address = ScimAddress.Of(context);
        var location = address.Resource(resource.Type, resource.Id);
        context.Response.Headers.ETag = resource.ETag;
        if (status == StatusCodes.Status201Created) context.Response.Headers.Location = location;
        if (status == StatusCodes.Status200OK && HttpMethods.IsGet(context.Request.Method) && IsKnown(context, resource.ETag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return ScimJson.Write(context, status, Render(resource, address, shape));
    }

    /// <summary>The JSON text of one resource.</summary>
    public static string Render(StoredResource resource, ScimAddress address, ResponseShape shape)
    {
        // The stored body ends with the meta object: }} closes meta and resource.
        var text = new StringBuilder(resource.Body, 0, resource.Body.Length - 2, resource.Body.Length + (resource.Linked?.Length ?? 0) + 256);
        text.Append(",\"location\":\"").Append(address.Resource(resource.Type, resource.Id)).Append("\"}");
        if (resource.Linked is { Length: > 0 } linked)
            text.Append(",\"").Append(resource.LinkedAttribute).Append("\":[").Append(linked).Append(']');
        text.Append('}');
        return shape.IsDefault ? text.ToString() : shape.Apply((JsonObject)JsonNode.Parse(text.ToString())!).ToJsonString(ScimJson.Options);
    }

    // RFC 7644 §3.14: If-None-Match on a GET; weak comparison.
    private static bool IsKnown(HttpContext context, string etag)
    {
        var header = context.Request.Headers.IfNoneMatch.ToString();
        return header.Length > 0 && (header.Trim() == "*" || Precondition.Parse(header).Holds(etag));
    }
}

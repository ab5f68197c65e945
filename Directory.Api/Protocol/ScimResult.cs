using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections.Search;

namespace Directory.Api.Protocol;

/// <summary>A resource on its way out: its body completed by its address and what lives in rows, shaped as asked for, with its entity tag.</summary>
public sealed class ScimResult(StoredResource resource, int status, ResponseShape? shape = null) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        var address = ScimAddress.Of(context.Request);
        var location = address.Resource(resource.Type, resource.Id);
        context.Response.Headers.ETag = resource.ETag;
        if (status == StatusCodes.Status201Created) context.Response.Headers.Location = location;
        context.Response.Headers.ContentLocation = location;
        return ScimJson.Write(context, status, Render(resource, address, shape));
    }

    /// <summary>The JSON text of one resource.</summary>
    public static string Render(StoredResource resource, ScimAddress address, ResponseShape? shape)
    {
        // The stored body ends with the meta object: }} closes meta and resource.
        var text = new StringBuilder(resource.Body, 0, resource.Body.Length - 2, resource.Body.Length + 256);
        text.Append(",\"location\":\"").Append(address.Resource(resource.Type, resource.Id)).Append("\"}");
        if (resource.Linked is { Length: > 0 } linked)
            text.Append(",\"").Append(resource.Type.LinkedAttribute()).Append("\":[").Append(linked).Append(']');
        text.Append('}');
        if (shape is null or { IsDefault: true }) return text.ToString();
        return shape.Apply((JsonObject)JsonNode.Parse(text.ToString())!).ToJsonString(ScimJson.Options);
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Api.Protocol;

/// <summary>How SCIM JSON leaves the service (RFC 7644 §3.1 and §8.1).</summary>
public static class ScimJson
{
    public const string MediaType = "application/scim+json";

    // Characters beyond ASCII and < > & + stay readable: the media type is never rendered as a page.
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task Write(HttpContext context, int status, string json) => Write(context, status, Encoding.UTF8.GetBytes(json));

    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="json">In UTF-8; it is read until the task ends.</param>
    public static async Task Write(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    public static Task Write(HttpContext context, ScimError error) => Write(context, error.Status, Error(error).ToJsonString(Options));

    /// <summary>The error message of RFC 7644 §3.12; its status is a string there.</summary>
    public static JsonObject Error(ScimError error)
    {
        var json = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.Error),
            ["status"] = error.Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (error.ScimType is not null) json["scimType"] = error.ScimType;
        json["detail"] = error.Detail;
        return json;
    }
}

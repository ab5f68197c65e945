using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// What the SCIM interface can do, as it is announced and enforced: one record feeds both, so that they cannot differ.
/// </summary>
/// <param name="Patch">RFC 7644 §3.5.2.</param>
/// <param name="Bulk">RFC 7644 §3.7.</param>
/// <param name="MaxOperations">Operations in one bulk request.</param>
/// <param name="MaxPayloadSize">Bytes of one bulk request.</param>
/// <param name="Filter">RFC 7644 §3.4.2.2.</param>
/// <param name="MaxResults">Resources in one answer, whatever <c>count</c> asks for.</param>
/// <param name="ChangePassword">Whether a password that is sent has an effect.</param>
/// <param name="Sort">RFC 7644 §3.4.2.3.</param>
/// <param name="Etag">RFC 7644 §3.14.</param>
/// <param name="Pagination">RFC 9865 §4; null when it is not announced.</param>
public sealed record ServiceProviderFeatures(
    bool Patch, bool Bulk, int MaxOperations, int MaxPayloadSize, bool Filter, int MaxResults, bool ChangePassword, bool Sort, bool Etag,
    PaginationFeatures? Pagination = null);

/// <summary>The pagination of RFC 9865 §4.</summary>
/// <param name="Cursor">Paging by <c>cursor</c>.</param>
/// <param name="Index">Paging by <c>startIndex</c>.</param>
/// <param name="DefaultMethod"><c>index</c> or <c>cursor</c>: which one a request without either parameter gets.</param>
/// <param name="DefaultPageSize">Resources in an answer to a request without <c>count</c>.</param>
/// <param name="MaxPageSize">Resources in an answer at most.</param>
/// <param name="CursorTimeout">Seconds for which a cursor is good; null when it does not expire.</param>
public sealed record PaginationFeatures(
    bool Cursor, bool Index, string DefaultMethod, int DefaultPageSize, int MaxPageSize, int? CursorTimeout = null);

/// <summary>The resource of <c>/ServiceProviderConfig</c>, RFC 7643 §5.</summary>
public static class ServiceProviderConfig
{
    /// <param name="features">What is announced.</param>
    /// <param name="baseUrl">The address of the SCIM interface, without a slash at its end; <c>meta.location</c> begins with it.</param>
    public static JsonObject Render(ServiceProviderFeatures features, string baseUrl)
    {
        var json = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.ServiceProviderConfig),
            ["patch"] = Supported(features.Patch),
            ["bulk"] = new JsonObject
            {
                ["supported"] = features.Bulk,
                ["maxOperations"] = features.MaxOperations,
                ["maxPayloadSize"] = features.MaxPayloadSize,
            },
            ["filter"] = new JsonObject { ["supported"] = features.Filter, ["maxResults"] = features.MaxResults },
            ["changePassword"] = Supported(features.ChangePassword),
            ["sort"] = Supported(features.Sort),
            ["etag"] = Supported(features.Etag),
        };
        if (features.Pagination is { } pagination) json["pagination"] = Pagination(pagination);
        json["authenticationSchemes"] = new JsonArray(BearerToken());
        json["meta"] = SchemaRendering.Meta("ServiceProviderConfig", $"{baseUrl}/ServiceProviderConfig");
        return json;
    }

    private static JsonObject Supported(bool supported) => new() { ["supported"] = supported };

    private static JsonObject Pagination(PaginationFeatures pagination)
    {
        var json = new JsonObject
        {
            ["cursor"] = pagination.Cursor,
            ["index"] = pagination.Index,
            ["defaultPaginationMethod"] = pagination.DefaultMethod,
            ["defaultPageSize"] = pagination.DefaultPageSize,
            ["maxPageSize"] = pagination.MaxPageSize,
        };
        if (pagination.CursorTimeout is { } seconds) json["cursorTimeout"] = seconds;
        return json;
    }

    private static JsonObject BearerToken() => new()
    {
        ["type"] = "oauthbearertoken",
        ["name"] = "OAuth Bearer Token",
        ["description"] = "A token issued for this connection, sent in the Authorization header",
        ["specUri"] = "https://www.rfc-editor.org/info/rfc6750",
        ["primary"] = true,
    };
}

using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Api.Protocol;

/// <summary>What a request says in its address and headers.</summary>
public static class ScimParameters
{
    public static ResponseShape Shape(this HttpContext context, ResourceType type) => ResponseShape.Parse(
        type, context.Request.Query["attributes"].ToString() is { Length: > 0 } a ? a : null,
        context.Request.Query["excludedAttributes"].ToString() is { Length: > 0 } e ? e : null);

    /// <summary>The parameters of a query by GET.</summary>
    public static SearchRequest Search(this HttpContext context)
    {
        var query = context.Request.Query;
        return new SearchRequest
        {
            Filter = Text("filter"),
            SortBy = Text("sortBy"),
            SortOrder = Text("sortOrder"),
            StartIndex = Text("startIndex"),
            Count = Text("count"),
            Cursor = query.TryGetValue("cursor", out var cursor) ? cursor.ToString() : null,
            Attributes = Text("attributes")?.Split(','),
            ExcludedAttributes = Text("excludedAttributes")?.Split(','),
        };

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>What PUT, PATCH and DELETE demand of the version they are about.</summary>
    public static Precondition IfMatch(this HttpContext context) =>
        Precondition.Parse(context.Request.Headers.IfMatch.ToString(), context.Request.Headers.IfNoneMatch.ToString());

    /// <summary>Whether a GET names the version there is, so that 304 answers it (RFC 7644 §3.14).</summary>
    public static bool IsKnown(this HttpContext context, string etag) =>
        !Precondition.Parse(null, context.Request.Headers.IfNoneMatch.ToString()).Holds(etag);

    /// <exception cref="ScimException">404: what is not an id of ours is the id of nothing.</exception>
    public static Guid Id(string text, ResourceType type) =>
        // RFC 7643 §3.1: an id is case-sensitive, so another spelling of it is the id of nothing too.
        Guid.TryParseExact(text, "D", out var id) && string.Equals(id.ToString(), text, StringComparison.Ordinal) ? id : throw new ScimException(ScimError.NotFound(type.Name, text));
}

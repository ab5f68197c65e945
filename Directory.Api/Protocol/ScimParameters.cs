using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Api.Protocol;

/// <summary>What a request says in its address and headers.</summary>
public static class ScimParameters
{
    public static ResponseShape Shape(this HttpContext context, ResourceType type) => ResponseShape.Parse(
        type, context.Request.Query["attributes"].ToString() is { Length: > 0 } a ? a : null,
        context.Request.Query["excludedAttributes"].ToString() is { Length: > 0 } e ? e : null);

    public static Precondition IfMatch(this HttpContext context) => Precondition.Parse(context.Request.Headers.IfMatch.ToString());

    /// <exception cref="ScimException">404: what is not an id of ours is the id of nothing.</exception>
    public static Guid Id(string text, ResourceType type) =>
        // RFC 7643 §3.1: an id is case-sensitive, so another spelling of it is the id of nothing too.
        Guid.TryParseExact(text, "D", out var id) && string.Equals(id.ToString(), text, StringComparison.Ordinal) ? id : throw new ScimException(ScimError.NotFound(type.Name, text));
}

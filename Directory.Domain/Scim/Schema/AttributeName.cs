using Directory.Domain.Scim.Filtering;

namespace Directory.Domain.Scim.Schema;

/// <summary>
/// Attribute names as they stand in <c>attributes</c>, <c>excludedAttributes</c> and as keys of bodies: RFC 7644 §3.10, without
/// regard to case. A URI is recognised by the schemas of the resource type, since URIs hold dots and colons themselves.
/// </summary>
public static class AttributeName
{
    /// <summary><c>name</c>, <c>name.sub</c>, <c>URI:name</c> or <c>URI:name.sub</c>; null when the type has no such attribute.</summary>
    public static AttributeReference? Resolve(ResourceType type, string text)
    {
        var uri = SchemaPrefix(type, text);
        var rest = uri is null ? text : text[(uri.Length + 1)..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return type.Resolve(dot < 0
            ? new AttributePath(uri, rest, null)
            : new AttributePath(uri, rest[..dot], rest[(dot + 1)..]));
    }

    /// <summary>The core schema or the extension that the text names by its URI, or null.</summary>
    public static ResourceSchema? ResolveSchema(ResourceType type, string text) =>
        string.Equals(text, type.Schema.Id, StringComparison.OrdinalIgnoreCase) ? type.Schema : type.FindExtension(text);

    private static string? SchemaPrefix(ResourceType type, string text)
    {
        if (IsPrefix(type.Schema.Id, text)) return type.Schema.Id;
        foreach (var extension in type.Extensions)
            if (IsPrefix(extension.Schema.Id, text))
                return extension.Schema.Id;
        return null;
    }

    private static bool IsPrefix(string uri, string text) =>
        text.Length > uri.Length && text[uri.Length] == ':' && text.StartsWith(uri, StringComparison.OrdinalIgnoreCase);
}

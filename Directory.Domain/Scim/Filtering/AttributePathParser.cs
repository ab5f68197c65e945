using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// Reads the <c>attrPath</c> of RFC 7644 §3.4.2.2. Schema URIs contain dots (<c>core:2.0:User</c>), so the URI ends at the last
/// colon and only what follows it is divided by a dot.
/// </summary>
public static class AttributePathParser
{
    /// <summary>The parts of a path by its syntax alone, or null when it is not one.</summary>
    public static AttributePath? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return Divide(colon < 0 ? null : text[..colon], text[(colon + 1)..]);
    }

    /// <summary>
    /// What a path means for a resource type, or null when it has no such attribute. A schema's URI may be followed by a dot
    /// instead of the colon, as some clients write it.
    /// </summary>
    public static AttributeReference? Resolve(string text, ResourceType type)
    {
        if (Parse(text) is { } path && type.Resolve(path) is { } reference) return reference;
        foreach (var uri in type.Extensions.Select(extension => extension.Schema.Id).Prepend(type.Schema.Id))
            if (text.Length > uri.Length && text[uri.Length] == '.' && text.StartsWith(uri, StringComparison.OrdinalIgnoreCase))
                return Divide(uri, text[(uri.Length + 1)..]) is { } qualified ? type.Resolve(qualified) : null;
        return null;
    }

    /// <summary>The characters of a path: names (RFC 7643 §2.1), <c>$ref</c>, and the URIs of schemas.</summary>
    internal static bool IsPathCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$' or '.' or ':' or '/' or '~' or '#' or '%';

    internal static bool IsName(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '$' or '_')
        && text.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static AttributePath? Divide(string? uri, string names)
    {
        if (uri is { Length: 0 }) return null;
        var dot = names.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? names : names[..dot];
        var subName = dot < 0 ? null : names[(dot + 1)..];
        return IsName(name) && (subName is null || IsName(subName)) ? new AttributePath(uri, name, subName) : null;
    }
}

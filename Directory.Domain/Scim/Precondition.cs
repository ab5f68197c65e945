namespace Directory.Domain.Scim;

/// <summary>An <c>If-Match</c> header (RFC 7644 §3.14, RFC 9110 §13.1.1): none, any version, or one of a list.</summary>
public sealed record Precondition(bool Any, IReadOnlyList<string> Tags)
{
    public static readonly Precondition None = new(true, []);

    /// <summary>
    /// Reads the header; null or empty means that nothing is demanded. Weak and strong tags compare alike, since SCIM's tags are weak.
    /// </summary>
    public static Precondition Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header)) return None;
        var tags = header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Opaque).ToList();
        return tags.Contains("*", StringComparer.Ordinal) ? None : new Precondition(false, tags);
    }

    public bool Holds(string etag) => Any || Tags.Contains(Opaque(etag), StringComparer.Ordinal);

    /// <exception cref="ScimException">412 when the resource is at another version.</exception>
    public void Demand(string etag)
    {
        if (!Holds(etag)) throw new ScimException(ScimError.PreconditionFailed(etag));
    }

    private static string Opaque(string tag)
    {
        var opaque = tag.StartsWith("W/", StringComparison.OrdinalIgnoreCase) ? tag[2..] : tag;
        return opaque is ['"', .. var inner, '"'] ? inner : opaque;
    }
}

namespace Directory.Domain.Scim;

/// <summary>What a request demands of the version of a resource (RFC 7644 §3.14, RFC 9110 §13.1): <c>If-Match</c> and <c>If-None-Match</c>.</summary>
public sealed class Precondition
{
    public static readonly Precondition None = new(EntityTags.Any, EntityTags.None);

    private readonly EntityTags _match;
    private readonly EntityTags _noneMatch;

    private Precondition(EntityTags match, EntityTags noneMatch) => (_match, _noneMatch) = (match, noneMatch);

    /// <summary>
    /// Reads the headers; null or empty means that nothing is demanded. Weak and strong tags compare alike, since SCIM's tags are weak.
    /// </summary>
    public static Precondition Parse(string? ifMatch, string? ifNoneMatch = null) =>
        string.IsNullOrWhiteSpace(ifMatch) && string.IsNullOrWhiteSpace(ifNoneMatch)
            ? None
            : new Precondition(EntityTags.Parse(ifMatch) ?? EntityTags.Any, EntityTags.Parse(ifNoneMatch) ?? EntityTags.None);

    /// <summary>Whether a resource that exists in that version meets the demands.</summary>
    public bool Holds(string etag) => _match.Names(etag) && !_noneMatch.Names(etag);

    /// <exception cref="ScimException">412 when the resource is at another version, or at one that it must not be at.</exception>
    public void Demand(string etag)
    {
        if (!_match.Names(etag)) throw new ScimException(ScimError.PreconditionFailed(etag));
        if (_noneMatch.Names(etag)) throw new ScimException(ScimError.VersionExcluded(etag));
    }

    /// <summary>The value of such a header: any version, or those of a list.</summary>
    private sealed record EntityTags(bool All, IReadOnlyList<string> Tags)
    {
        public static readonly EntityTags Any = new(true, []);
        public static readonly EntityTags None = new(false, []);

        public static EntityTags? Parse(string? header)
        {
            if (string.IsNullOrWhiteSpace(header)) return null;
            string[] tags = [.. header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Opaque)];
            return tags.Contains("*", StringComparer.Ordinal) ? Any : new EntityTags(false, tags);
        }

        public bool Names(string etag) => All || Tags.Contains(Opaque(etag), StringComparer.Ordinal);

        private static string Opaque(string tag)
        {
            var opaque = tag.StartsWith("W/", StringComparison.OrdinalIgnoreCase) ? tag[2..] : tag;
            return opaque is ['"', .. var inner, '"'] ? inner : opaque;
        }
    }
}

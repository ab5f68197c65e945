namespace Directory.Domain.Scim;

/// <summary>
/// What <see cref="ResourceReader"/> left out of a body without refusing it. Names only, in the spelling of the schema where it
/// has one, else of the client; never a value.
/// </summary>
public sealed class ReadReport
{
    private readonly List<string> _secretsSupplied = [];
    private readonly List<string> _readOnly = [];
    private readonly List<string> _ignored = [];

    /// <summary>Secrets (<c>password</c>) that were supplied and discarded.</summary>
    public IReadOnlyList<string> SecretsSupplied => _secretsSupplied;

    /// <summary>Attributes a client cannot set (RFC 7644 §3.3 and §3.5.1: "SHALL be ignored").</summary>
    public IReadOnlyList<string> ReadOnly => _readOnly;

    /// <summary>Attributes and schema URIs that no schema of the resource type knows.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    internal void AddSecret(string name) => AddOnce(_secretsSupplied, name);
    internal void AddReadOnly(string name) => AddOnce(_readOnly, name);
    internal void AddIgnored(string name) => AddOnce(_ignored, name);

    private static void AddOnce(List<string> names, string name)
    {
        if (!names.Contains(name)) names.Add(name);
    }
}

/// <summary>
/// Bounds of what one attribute may hold: the elements of a multi-valued attribute, and the UTF-16 code units of a string. A caller
/// that keeps an attribute apart, such as the members of a group, reads with other bounds.
/// </summary>
public sealed record ReadLimits(int Elements = 1000, int TextLength = 65_536)
{
    public static readonly ReadLimits Default = new();
}

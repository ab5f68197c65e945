using System.Collections.Frozen;

namespace Directory.Domain.Scim.Schema;

/// <summary>A schema as RFC 7643 §7 defines it: its URI, its name, its attributes in the order in which they are rendered.</summary>
public sealed class ResourceSchema(string id, string name, string description, IReadOnlyList<AttributeDefinition> attributes)
{
    private readonly FrozenDictionary<string, AttributeDefinition> _byName =
        attributes.ToFrozenDictionary(a => a.Name, StringComparer.OrdinalIgnoreCase);

    public string Id { get; } = id;
    public string Name { get; } = name;
    public string Description { get; } = description;
    public IReadOnlyList<AttributeDefinition> Attributes { get; } = attributes;

    /// <summary>The attribute of that name; names are compared without regard to case (RFC 7643 §2.1).</summary>
    public AttributeDefinition? Find(string name) => _byName.GetValueOrDefault(name);
}

using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// What the names in a filter mean: paths of a resource type, or, within the brackets of a valuePath, sub-attributes of
/// <see cref="Parent"/>. Names that the type does not know may be those of other types, which are searched with it.
/// </summary>
internal sealed class FilterScope(ResourceType type, AttributeReference? parent, params ResourceType[] others)
{
    public AttributeReference? Parent { get; } = parent;

    public FilterScope Within(AttributeReference attribute) => new(type, attribute, others);

    /// <summary>The attribute a name means here, or null and why there is none.</summary>
    public AttributeReference? Resolve(string name, out string refusal)
    {
        refusal = "";
        var attribute = Parent is null ? Resolve(name) : ResolveWithin(Parent, name);
        if (attribute is null)
            refusal = string.Equals(name, "not", StringComparison.OrdinalIgnoreCase)
                ? "'not' must be followed by a filter in parentheses."
                : Parent is null
                    ? $"{string.Join(" or ", others.Prepend(type).Distinct().Select(t => t.Name))} has no attribute '{name}'."
                    : $"'{Parent}' has no sub-attribute '{name}'; it has: {FilterTyping.Names(Parent.Attribute.SubAttributes)}.";
        else if (attribute.Attribute.IsSecret || attribute.Leaf.IsSecret)
            // A comparison with a secret would let a client guess it, one prefix after the other.
            (attribute, refusal) = (null, $"'{attribute}' is never returned and cannot be filtered by.");
        return attribute;
    }

    /// <summary>Why an attribute takes no brackets, or null. A single complex value is taken for a list of one.</summary>
    public static string? RefuseBrackets(AttributeReference attribute) =>
        attribute.SubAttribute is not null || (!attribute.Attribute.IsComplex && !attribute.Attribute.MultiValued)
            ? $"'{attribute}' has no elements that a filter in brackets could choose from."
            : null;

    private AttributeReference? Resolve(string name) =>
        AttributePathParser.Resolve(name, type) ?? others.Select(other => AttributePathParser.Resolve(name, other)).FirstOrDefault(found => found is not null);

    private static AttributeReference? ResolveWithin(AttributeReference parent, string name)
    {
        if (parent.Attribute.Find(name) is { } sub) return parent with { SubAttribute = sub };
        // The elements of a list of simple values are addressed as "value" (RFC 7643 §2.4).
        return !parent.Attribute.IsComplex && string.Equals(name, "value", StringComparison.OrdinalIgnoreCase) ? parent : null;
    }
}

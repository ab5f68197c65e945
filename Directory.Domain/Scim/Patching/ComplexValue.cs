using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>Sub-attributes of one complex value set and removed.</summary>
internal static class ComplexValue
{
    /// <summary>
    /// A new value in which the given parts replace or join those of the current one, null removing them; null when nothing is left.
    /// </summary>
    /// <exception cref="ScimException">mutability: an immutable sub-attribute that has a value would get another.</exception>
    public static JsonObject? With(JsonObject? current, IReadOnlyList<AttributeAssignment> parts)
    {
        var result = current?.DeepClone().AsObject() ?? [];
        foreach (var (target, value) in parts)
        {
            var name = target.SubAttribute!.Name;
            if (ValueEquality.Same(result[name], value)) continue;
            RequireMutable(target, result[name]);
            if (value is null) result.Remove(name);
            else result[name] = value.DeepClone();
        }
        if (current?["value"] is { } old && !ValueEquality.Same(old, result["value"]) && !parts.Any(part => part.Target.SubAttribute!.Name == "$ref"))
            result.Remove("$ref");
        return result.Count == 0 ? null : result;
    }

    /// <summary>Refuses to put one value in the place of another that has an immutable sub-attribute of a different value.</summary>
    /// <exception cref="ScimException">mutability: names the sub-attribute.</exception>
    public static void RequireReplaceable(AttributeReference attribute, JsonNode? current, JsonNode? next)
    {
        foreach (var sub in attribute.Attribute.SubAttributes)
            if (current?[sub.Name] is { } value && !ValueEquality.Same(value, next?[sub.Name]))
                RequireMutable(attribute with { SubAttribute = sub }, value);
    }

    // RFC 7643 §7: an immutable attribute may be set once, "at resource creation … or at record creation via a request".
    private static void RequireMutable(AttributeReference target, JsonNode? current)
    {
        if (target.SubAttribute!.Mutability == Mutability.Immutable && current is not null)
            throw new ScimException(ScimError.Mutability(target.ToString()));
    }
}

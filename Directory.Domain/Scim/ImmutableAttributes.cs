using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// What a PUT means for attributes that are immutable (RFC 7643 §7): a value once set stays. Elements of multi-valued attributes are
/// replaced as wholes, so their immutable sub-attributes are not concerned.
/// </summary>
public static class ImmutableAttributes
{
    /// <returns>The attributes wanted, with those that are immutable, set already and omitted from the request.</returns>
    /// <exception cref="ScimException">400 mutability: another value is given (RFC 7644 §3.5.1).</exception>
    public static JsonObject Keep(ResourceType type, JsonObject before, JsonObject wanted)
    {
        if (!Any(type)) return wanted;
        var result = (JsonObject)wanted.DeepClone();
        Keep(null, type.Schema, before, result);
        foreach (var extension in type.Extensions)
        {
            if (before[extension.Schema.Id] is not JsonObject values) continue;
            var home = result[extension.Schema.Id] as JsonObject ?? [];
            Keep(extension.Schema, extension.Schema, values, home);
            if (home.Count > 0 && home.Parent is null) result[extension.Schema.Id] = home;
        }

        return result;
    }

    private static bool Any(ResourceType type) => type.Extensions.Select(e => e.Schema).Prepend(type.Schema).SelectMany(s => s.Attributes)
        .Any(a => IsImmutable(a) || (!a.MultiValued && a.SubAttributes.Any(IsImmutable)));

    private static void Keep(ResourceSchema? extension, ResourceSchema schema, JsonObject before, JsonObject after)
    {
        foreach (var attribute in schema.Attributes)
        {
            var target = new AttributeReference(extension, attribute, null);
            if (IsImmutable(attribute)) Keep(target, before, after);
            else if (!attribute.MultiValued && before[attribute.Name] is JsonObject values)
            {
                var home = after[attribute.Name] as JsonObject ?? [];
                foreach (var sub in attribute.SubAttributes.Where(IsImmutable)) Keep(target with { SubAttribute = sub }, values, home);
                if (home.Count > 0 && home.Parent is null) after[attribute.Name] = home;
            }
        }
    }

    private static void Keep(AttributeReference target, JsonObject before, JsonObject after)
    {
        var name = target.Leaf.Name;
        if (before[name] is not { } value) return;
        if (after[name] is not { } given) after[name] = value.DeepClone();
        else if (!ValueEquality.Same(value, given)) throw new ScimException(ScimError.Mutability(target.ToString()));
    }

    private static bool IsImmutable(AttributeDefinition attribute) => attribute.Mutability == Mutability.Immutable;
}

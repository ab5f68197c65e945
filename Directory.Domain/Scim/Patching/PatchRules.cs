using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>What mutability and "required" of RFC 7643 §7 forbid a PATCH.</summary>
internal static class PatchRules
{
    /// <exception cref="ScimException">mutability: the attribute or the sub-attribute is read-only.</exception>
    public static void RequireWritable(AttributeReference target)
    {
        if (!IsWritable(target)) throw new ScimException(ScimError.Mutability(target.ToString()));
    }

    public static bool IsWritable(AttributeReference target) =>
        target.Attribute.Mutability != Mutability.ReadOnly && target.Leaf.Mutability != Mutability.ReadOnly;

    /// <summary>Asks whether an attribute may change from one value to a different one.</summary>
    /// <exception cref="ScimException">mutability: it is immutable, or required and removed; invalidValue: it is required and cleared.</exception>
    public static void RequireAllowed(ChangeOperation op, AttributeReference target, JsonNode? before, JsonNode? after)
    {
        var attribute = target with { SubAttribute = null };
        if (before is not null && attribute.Attribute.Mutability == Mutability.Immutable)
            throw new ScimException(ScimError.Mutability(attribute.ToString()));
        if (before is JsonObject && after is null) ComplexValue.RequireReplaceable(attribute, before, null);
        if (op == ChangeOperation.Remove && target.Leaf.Required) RequireNotRemoved(target, after);
        if (after is null && attribute.Attribute.Required)
            throw new ScimException(op == ChangeOperation.Remove
                ? ScimError.RequiredRemoved(attribute.ToString())
                : ScimError.Required(attribute.ToString()));
    }

    /// <summary>Asks whether an extension may be removed with all it holds. That some of that is required does not matter.</summary>
    /// <exception cref="ScimException">mutability: the extension is required or holds what is immutable.</exception>
    public static void RequireRemovable(ResourceType type, ResourceSchema extension, JsonObject values)
    {
        if (IsRequired(type, extension)) throw new ScimException(ScimError.RequiredRemoved(extension.Id));
        foreach (var attribute in extension.Attributes)
        {
            var target = new AttributeReference(extension, attribute, null);
            if (values[attribute.Name] is not { } value) continue;
            if (attribute.Mutability == Mutability.Immutable) throw new ScimException(ScimError.Mutability(target.ToString()));
            if (value is JsonObject) ComplexValue.RequireReplaceable(target, value, null);
        }
    }

    /// <summary>
    /// Asks of each attribute that the request changed whether it has all required sub-attributes, and of its extension whether it has
    /// all required attributes. What was incomplete before and is not touched is no reason to refuse.
    /// </summary>
    /// <exception cref="ScimException">invalidValue: names what is missing.</exception>
    public static void RequireParts(ResourceType type, JsonObject attributes, IEnumerable<AttributeReference> touched)
    {
        foreach (var target in touched)
        {
            var home = target.Extension is null ? attributes : attributes[target.Extension.Id] as JsonObject;
            if (target.Extension is { } extension) RequireExtension(type, extension, home);
            foreach (var value in Values(home?[target.Attribute.Name]))
                foreach (var sub in target.Attribute.SubAttributes)
                    if (IsExpected(sub) && value[sub.Name] is null)
                        throw new ScimException(ScimError.Required((target with { SubAttribute = sub }).ToString()));
        }
    }

    private static void RequireExtension(ResourceType type, ResourceSchema extension, JsonObject? home)
    {
        if (home is null)
        {
            if (IsRequired(type, extension)) throw new ScimException(ScimError.Required(extension.Id));
            return;
        }
        foreach (var attribute in extension.Attributes)
            if (IsExpected(attribute) && home[attribute.Name] is null)
                throw new ScimException(ScimError.Required(new AttributeReference(extension, attribute, null).ToString()));
    }

    // RFC 7644 §3.5.2.2: removing what is required is an error with "a "scimType" error code of "mutability"".
    private static void RequireNotRemoved(AttributeReference target, JsonNode? after)
    {
        if (target.SubAttribute is not { } sub) return;
        if (Values(after).Any(value => value[sub.Name] is null)) throw new ScimException(ScimError.RequiredRemoved(target.ToString()));
    }

    private static bool IsRequired(ResourceType type, ResourceSchema extension) =>
        type.Extensions.Any(candidate => candidate.Required && candidate.Schema == extension);

    private static bool IsExpected(AttributeDefinition definition) =>
        definition is { Required: true, IsSecret: false } && definition.Mutability != Mutability.ReadOnly;

    private static IEnumerable<JsonObject> Values(JsonNode? value) => value switch
    {
        JsonObject single => [single],
        JsonArray elements => elements.OfType<JsonObject>(),
        _ => [],
    };
}

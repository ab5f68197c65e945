using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Schema;

/// <summary>
/// Brings the value of one attribute into canonical form, as its definition says: sub-attributes in the order and spelling of the
/// schema, nothing unassigned, multi-valued attributes as arrays without equal elements. What the definition does not allow is
/// refused; what it does not know goes into the report.
/// </summary>
internal sealed class SchemaValidator(ReadReport report, ReadLimits limits)
{
    /// <summary>The value of what the reference names, an array for a multi-valued attribute; null when unassigned.</summary>
    public JsonNode? Value(AttributeReference target, JsonNode? node)
    {
        var place = new ValuePlace(target);
        if (target.SubAttribute is { } sub) return ScalarValue.Read(sub, node, place, limits);
        return target.Attribute.MultiValued ? List(node, place) : Single(node, place);
    }

    /// <summary>One value of the attribute: an element if it is multi-valued.</summary>
    public JsonNode? Single(JsonNode? node, ValuePlace place)
    {
        var attribute = place.Target.Attribute;
        if (node is null) return null;
        if (!attribute.IsComplex) return ScalarValue.Read(attribute, node, place, limits);
        var result = new JsonObject();
        var parts = Parts(node, place);
        foreach (var sub in attribute.SubAttributes)
            if (parts.FirstOrDefault(p => p.Target.SubAttribute == sub)?.Value is { } value)
                result.Add(sub.Name, value);
        return result.Count == 0 ? null : result;
    }

    /// <summary>The sub-attributes of one complex value in the order in which they were sent, the unassigned ones included.</summary>
    public IReadOnlyList<AttributeAssignment> Parts(JsonNode node, ValuePlace place)
    {
        if (Plain(node, place) is { } plain) return [plain];
        var json = Object(node) ?? throw place.Refuse("must be an object with sub-attributes");
        var parts = new List<AttributeAssignment>();
        foreach (var (name, value) in JsonInput.Members(json))
        {
            if (place.Target.Attribute.Find(name) is not { } sub)
                report.AddIgnored(place.Target + "." + name);
            else if (IsWritable(sub, place.Sub(sub).Target, value))
                parts.Add(new(place.Sub(sub).Target, ScalarValue.Read(sub, value, place.Sub(sub), limits)));
        }
        return parts;
    }

    /// <summary>Whether a client may set it; if not, the report says that it was left out.</summary>
    public bool IsWritable(AttributeDefinition definition, AttributeReference target, JsonNode? value)
    {
        if (definition.Mutability == Mutability.ReadOnly)
            report.AddReadOnly(target.ToString());
        else if (definition.IsSecret && value is not null)
            report.AddSecret(target.ToString());
        return definition.Mutability != Mutability.ReadOnly && !definition.IsSecret;
    }

    // Entra sends the manager as a plain string; every complex attribute that has a "value" is read in the same way.
    private AttributeAssignment? Plain(JsonNode node, ValuePlace place)
    {
        if (node is not JsonValue || node.GetValueKind() != JsonValueKind.String) return null;
        var sub = place.Target.Attribute.Find("value") ?? throw place.Refuse("must be an object with sub-attributes");
        return new(place.Sub(sub).Target, ScalarValue.Read(sub, node, place.Sub(sub), limits));
    }

    // A list of one where a single object is meant can only mean that one.
    private static JsonObject? Object(JsonNode node) => (node is JsonArray { Count: 1 } one ? one[0] : node) as JsonObject;

    private JsonArray? List(JsonNode? node, ValuePlace place)
    {
        if (node is null) return null;
        IReadOnlyList<JsonNode?> elements = node is JsonArray array ? [.. array] : [node];
        if (elements.Count > limits.Elements) throw place.Refuse($"has {elements.Count} values; at most {limits.Elements} are allowed");
        var result = new JsonArray();
        var seen = new HashSet<string>(elements.Count, StringComparer.Ordinal);
        for (var i = 0; i < elements.Count; i++)
        {
            var at = node is JsonArray ? place.At(i) : place;
            if (elements[i] is JsonArray) throw at.Refuse("must not be a list within the list");
            if (Single(elements[i], at) is { } element && seen.Add(element.ToJsonString()))
                result.Add(element);
        }
        RequireOnePrimary(result, place);
        return result.Count == 0 ? null : result;
    }

    // RFC 7643 §2.4: "The primary attribute value 'true' MUST appear no more than once."
    private static void RequireOnePrimary(JsonArray elements, ValuePlace place)
    {
        if (place.Target.Attribute.Find("primary") is not { Type: AttributeType.Boolean } primary) return;
        if (elements.Count(e => e is JsonObject json && json[primary.Name]?.GetValueKind() == JsonValueKind.True) > 1)
            throw place.Refuse("has more than one value that is primary");
    }
}

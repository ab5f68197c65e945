using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Schema;

/// <summary>The order in which the attributes of a resource are stored and sent: that of its schemas.</summary>
internal static class CanonicalOrder
{
    /// <summary>Moves the values out of the resource into a new one.</summary>
    public static JsonObject Take(ResourceType type, JsonObject resource)
    {
        var schemas = new JsonArray(type.Schema.Id);
        var result = new JsonObject { [CommonAttributes.Schemas.Name] = schemas };
        Move([CommonAttributes.Id, CommonAttributes.ExternalId], resource, result);
        Move(type.Schema.Attributes, resource, result);
        foreach (var extension in type.Extensions)
        {
            if (resource[extension.Schema.Id] is not JsonObject values) continue;
            var ordered = new JsonObject();
            Move(extension.Schema.Attributes, values, ordered);
            if (ordered.Count == 0) continue;
            schemas.Add(extension.Schema.Id);
            result.Add(extension.Schema.Id, ordered);
        }
        Move([CommonAttributes.Meta], resource, result);
        return result;
    }

    private static void Move(IReadOnlyList<AttributeDefinition> attributes, JsonObject from, JsonObject to)
    {
        foreach (var attribute in attributes)
            if (from.Remove(attribute.Name, out var value) && Ordered(attribute, value) is { } ordered)
                to.Add(attribute.Name, ordered);
    }

    // Null for what RFC 7643 §2.5 calls unassigned.
    private static JsonNode? Ordered(AttributeDefinition attribute, JsonNode? value)
    {
        switch (value)
        {
            case JsonArray { Count: 0 }:
                return null;
            case JsonArray array when attribute.IsComplex:
                var elements = array.ToArray();
                array.Clear();
                var ordered = new JsonArray([.. elements.Select(e => Ordered(attribute, e)).Where(e => e is not null)]);
                return ordered.Count == 0 ? null : ordered;
            case JsonObject json:
                var result = new JsonObject();
                Move(attribute.SubAttributes, json, result);
                return result.Count == 0 ? null : result;
            default:
                return value;
        }
    }
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>
/// The resource as filters see it, kept beside its body: strings folded where case is not significant, dateTimes in UTC and of fixed
/// width, names in the spelling of the schema, lists always lists. SQL then only compares, and what equality means stays in one place.
/// Left out are secrets, and what is searched in columns and rows of its own: id, meta, externalId, the unique name, membership.
/// </summary>
public static class SearchDocument
{
    public static JsonObject Of(ResourceType type, JsonObject resource)
    {
        var document = new JsonObject();
        Copy(type.Schema.Attributes.Where(attribute => !SearchColumns.IsApart(type, attribute)), resource, document);
        var extensions = new JsonArray();
        foreach (var schema in type.Extensions.Select(extension => extension.Schema))
        {
            if (resource[schema.Id] is not JsonObject values) continue;
            extensions.Add(schema.Id);
            var copy = new JsonObject();
            Copy(schema.Attributes, values, copy);
            if (copy.Count > 0) document[schema.Id] = copy;
        }

        // The core schema is in every resource; only the extensions tell one from another.
        if (extensions.Count > 0) document[CommonAttributes.Schemas.Name] = extensions;
        return document;
    }

    private static void Copy(IEnumerable<AttributeDefinition> definitions, JsonObject from, JsonObject to)
    {
        foreach (var definition in definitions)
            if (!definition.IsSecret && Value(definition, from[definition.Name]) is { } value)
                to[definition.Name] = value;
    }

    private static JsonNode? Value(AttributeDefinition definition, JsonNode? node)
    {
        if (node is null) return null;
        if (!definition.MultiValued) return Single(definition, node);
        JsonNode?[] elements = [.. (node is JsonArray list ? list : [node.DeepClone()]).Select(element => Single(definition, element)).OfType<JsonNode>()];
        return elements.Length == 0 ? null : new JsonArray(elements);
    }

    private static JsonNode? Single(AttributeDefinition definition, JsonNode? node)
    {
        if (!definition.IsComplex) return Comparable(definition, node);
        if (node is not JsonObject complex) return null;
        var copy = new JsonObject();
        Copy(definition.SubAttributes, complex, copy);
        return copy.Count == 0 ? null : copy;
    }

    private static JsonNode? Comparable(AttributeDefinition definition, JsonNode? node) => definition.Type switch
    {
        AttributeType.Boolean => FilterValue.Truth(node),
        AttributeType.Integer or AttributeType.Decimal => FilterValue.Number(node) is null ? null : node!.DeepClone(),
        AttributeType.DateTime => FilterValue.Time(node) is { } instant ? ScimDateTime.Format(instant) : null,
        _ => FilterValue.Text(node) is { } text ? FilterValue.Comparable(definition, text) : null,
    };
}

using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Schema;

/// <summary>
/// The resources of <c>/Schemas</c> and <c>/ResourceTypes</c> (RFC 7643 §7 and §6, in the form of §8.7.1 and §8.6), made of the same
/// tables that requests are held against.
/// </summary>
public static class SchemaRendering
{
    /// <param name="schema">The schema.</param>
    /// <param name="baseUrl">The address of the SCIM interface, without a slash at its end; <c>meta.location</c> begins with it.</param>
    public static JsonObject Schema(ResourceSchema schema, string baseUrl) => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.Schema),
        ["id"] = schema.Id,
        ["name"] = schema.Name,
        ["description"] = schema.Description,
        ["attributes"] = Attributes(schema.Attributes),
        ["meta"] = Meta("Schema", $"{baseUrl}/Schemas/{schema.Id}"),
    };

    /// <param name="type">The resource type.</param>
    /// <param name="baseUrl">The address of the SCIM interface, without a slash at its end; <c>meta.location</c> begins with it.</param>
    public static JsonObject ResourceType(ResourceType type, string baseUrl)
    {
        var json = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.ResourceType),
            ["id"] = type.Name,
            ["name"] = type.Name,
            ["endpoint"] = type.Endpoint,
            ["description"] = type.Description,
            ["schema"] = type.Schema.Id,
        };
        if (type.Extensions.Count > 0)
            json["schemaExtensions"] = new JsonArray([.. type.Extensions.Select(Extension)]);
        json["meta"] = Meta("ResourceType", $"{baseUrl}/ResourceTypes/{type.Name}");
        return json;
    }

    internal static JsonObject Meta(string resourceType, string location) => new()
    {
        ["resourceType"] = resourceType,
        ["location"] = location,
    };

    private static JsonObject Extension(SchemaExtension extension) => new()
    {
        ["schema"] = extension.Schema.Id,
        ["required"] = extension.Required,
    };

    private static JsonArray Attributes(IReadOnlyList<AttributeDefinition> attributes) => new([.. attributes.Select(Attribute)]);

    private static JsonObject Attribute(AttributeDefinition attribute)
    {
        var json = new JsonObject
        {
            ["name"] = attribute.Name,
            ["type"] = SchemaWords.Of(attribute.Type),
            ["multiValued"] = attribute.MultiValued,
            ["description"] = attribute.Description,
            ["required"] = attribute.Required,
        };
        if (attribute.IsComplex) json["subAttributes"] = Attributes(attribute.SubAttributes);
        // As in §8.7.1: case is a matter of text alone, uniqueness of simple values.
        if (attribute.Type is AttributeType.String or AttributeType.Reference or AttributeType.Binary) json["caseExact"] = attribute.CaseExact;
        if (attribute.CanonicalValues.Count > 0) json["canonicalValues"] = Words(attribute.CanonicalValues);
        json["mutability"] = SchemaWords.Of(attribute.Mutability);
        json["returned"] = SchemaWords.Of(attribute.Returned);
        if (attribute.Type is not (AttributeType.Complex or AttributeType.Boolean)) json["uniqueness"] = SchemaWords.Of(attribute.Uniqueness);
        if (attribute.ReferenceTypes.Count > 0) json["referenceTypes"] = Words(attribute.ReferenceTypes);
        return json;
    }

    private static JsonArray Words(IReadOnlyList<string> words) => new([.. words.Select(w => JsonValue.Create(w))]);
}

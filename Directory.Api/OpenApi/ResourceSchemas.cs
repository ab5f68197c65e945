using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Api.OpenApi;

/// <summary>The JSON schema of a resource type, made from its table of attributes.</summary>
public static class ResourceSchemas
{
    public static JsonObject Of(ResourceType type)
    {
        var properties = new JsonObject { ["schemas"] = Array(new JsonObject { ["type"] = "string" }) };
        foreach (var attribute in (IEnumerable<AttributeDefinition>)[CommonAttributes.Id, CommonAttributes.ExternalId, .. type.Schema.Attributes])
            properties[attribute.Name] = Property(attribute);
        foreach (var extension in type.Extensions) properties[extension.Schema.Id] = Complex(extension.Schema.Attributes, extension.Schema.Description);
        properties["meta"] = new JsonObject { ["$ref"] = "#/components/schemas/Meta" };
        return new JsonObject { ["type"] = "object", ["description"] = type.Description, ["properties"] = properties };
    }

    private static JsonObject Property(AttributeDefinition attribute)
    {
        var value = attribute.IsComplex ? Complex(attribute.SubAttributes, attribute.Description) : Simple(attribute);
        if (attribute.Mutability == Mutability.ReadOnly) value["readOnly"] = true;
        if (attribute.IsSecret) value["writeOnly"] = true;
        return attribute.MultiValued ? Array(value) : value;
    }

    private static JsonObject Simple(AttributeDefinition attribute)
    {
        var (type, format) = attribute.Type switch
        {
            AttributeType.Boolean => ("boolean", null),
            AttributeType.Decimal => ("number", null),
            AttributeType.Integer => ("integer", null),
            AttributeType.DateTime => ("string", "date-time"),
            AttributeType.Binary => ("string", "byte"),
            _ => ("string", (string?)null),
        };
        var json = new JsonObject { ["type"] = type };
        if (format is not null) json["format"] = format;
        if (attribute.Description.Length > 0) json["description"] = attribute.Description;
        return json;
    }

    private static JsonObject Complex(IReadOnlyList<AttributeDefinition> attributes, string description)
    {
        var properties = new JsonObject();
        foreach (var attribute in attributes) properties[attribute.Name] = Property(attribute);
        var json = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (description.Length > 0) json["description"] = description;
        return json;
    }

    private static JsonObject Array(JsonObject items) => new() { ["type"] = "array", ["items"] = items };
}

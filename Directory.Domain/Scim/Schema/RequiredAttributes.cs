using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Schema;

/// <summary>RFC 7643 §7, "required", asked of a canonical resource.</summary>
internal static class RequiredAttributes
{
    public static void Check(ResourceType type, JsonObject resource)
    {
        Check(null, type.Schema, resource);
        foreach (var extension in type.Extensions)
        {
            var values = resource[extension.Schema.Id] as JsonObject;
            if (values is not null) Check(extension.Schema, extension.Schema, values);
            else if (extension.Required) throw new ScimException(ScimError.Required(extension.Schema.Id));
        }
    }

    private static void Check(ResourceSchema? extension, ResourceSchema schema, JsonObject values)
    {
        foreach (var attribute in schema.Attributes)
        {
            var value = values[attribute.Name];
            var target = new AttributeReference(extension, attribute, null);
            if (value is null) Require(attribute, target);
            else if (attribute.IsComplex)
                foreach (var element in value is JsonArray array ? array : (IEnumerable<JsonNode?>)[value])
                    CheckElement(target, element as JsonObject);
        }
    }

    private static void CheckElement(AttributeReference target, JsonObject? element)
    {
        foreach (var sub in target.Attribute.SubAttributes)
            if (sub.Required && element?[sub.Name] is null)
                Require(sub, target with { SubAttribute = sub });
    }

    // What a client cannot set or the server does not keep cannot be asked for.
    private static void Require(AttributeDefinition definition, AttributeReference target)
    {
        if (definition is { Required: true, IsSecret: false } && definition.Mutability != Mutability.ReadOnly)
            throw new ScimException(ScimError.Required(target.ToString()));
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;

namespace Directory.Tests.Scim.Patching;

/// <summary>PATCH operations made from the schema: mostly such as a client means, and, on request, nonsense.</summary>
public sealed class RandomOperations(RandomAttributes values)
{
    private static readonly string[] Pieces =
        ["emails", "members", "name", ".", "..", "[", "]", "type", " eq ", "\"work\"", "value", " and ", "not (", ")", " ", "urn:example:Rack:", "$ref", "\\", "\ud800", "1", "true", "schemas"];

    public RandomAttributes Values { get; } = values;

    public PatchOperation Operation(ResourceType type)
    {
        var op = (ChangeOperation)Values.Random.Next(3);
        var target = Target(type);
        var filter = target.Attribute.MultiValued && target.Attribute.IsComplex && Values.Random.Next(2) == 0 ? Filter(target.Attribute) : null;
        var path = (target with { SubAttribute = null }) + filter + (target.SubAttribute is null ? "" : "." + target.SubAttribute.Name);
        var value = Values.Random.Next(8) == 0 ? null
            : filter is not null && target.SubAttribute is null ? Values.Single(target.Attribute)
            : Value(target);
        return op == ChangeOperation.Remove
            ? new PatchOperation(op, path, Values.Random.Next(3) == 0 ? value : null)
            : Values.Random.Next(4) == 0 && filter is null
                ? new PatchOperation(op, null, new JsonObject { [path] = value })
                : new PatchOperation(op, path, value);
    }

    /// <summary>An attribute or sub-attribute that a client may write to.</summary>
    public AttributeReference Target(ResourceType type)
    {
        var schemas = type.Extensions.Select(extension => extension.Schema).Prepend(type.Schema).ToArray();
        while (true)
        {
            var schema = schemas[Values.Random.Next(schemas.Length)];
            var attribute = schema.Attributes[Values.Random.Next(schema.Attributes.Count)];
            var sub = attribute.IsComplex && Values.Random.Next(2) == 0 ? attribute.SubAttributes[Values.Random.Next(attribute.SubAttributes.Count)] : null;
            if (attribute.Mutability != Mutability.ReadOnly && sub?.Mutability != Mutability.ReadOnly && !attribute.IsSecret && sub?.IsSecret != true)
                return new AttributeReference(schema == type.Schema ? null : schema, attribute, sub);
        }
    }

    public JsonNode? Value(AttributeReference target) => target.SubAttribute is null ? Values.Value(target.Attribute) : Values.Value(target.SubAttribute);

    public PatchOperation Nonsense(ResourceType type)
    {
        var path = string.Concat(Enumerable.Range(0, Values.Random.Next(1, 7)).Select(_ => Pieces[Values.Random.Next(Pieces.Length)]));
        return Values.Random.Next(3) switch
        {
            0 => new PatchOperation((ChangeOperation)Values.Random.Next(3), path, Json(3)),
            1 => Operation(type) with { Value = Json(3) },
            _ => new PatchOperation((ChangeOperation)Values.Random.Next(2), null, new JsonObject { [path] = Json(2), [Target(type).ToString()] = Json(3) }),
        };
    }

    private string Filter(AttributeDefinition attribute)
    {
        var sub = attribute.Find("type") ?? attribute.Find("value") ?? attribute.SubAttributes[0];
        var comparison = $"{sub.Name} eq {JsonSerializer.Serialize(Values.Word())}";
        return Values.Random.Next(4) == 0 ? $"[not ({comparison})]" : $"[{comparison}]";
    }

    private JsonNode? Json(int depth) => Values.Random.Next(depth == 0 ? 6 : 9) switch
    {
        0 => null,
        1 => Values.Random.Next(2) == 0,
        2 => Values.Random.Next(-3, 3) / 2m,
        3 => JsonNode.Parse("1e400"),
        4 => Values.Word(),
        5 => JsonNode.Parse("\"\\ud800\\u0000\""),
        6 => new JsonArray([.. Enumerable.Range(0, Values.Random.Next(3)).Select(_ => Json(depth - 1))]),
        _ => Members(depth),
    };

    private JsonObject Members(int depth)
    {
        JsonObject members = [];
        for (var n = Values.Random.Next(4); n > 0; n--)
            members[new[] { "value", "type", "primary", "Value", "$ref", "givenName", "x" }[Values.Random.Next(7)]] = Json(depth - 1);
        return members;
    }
}

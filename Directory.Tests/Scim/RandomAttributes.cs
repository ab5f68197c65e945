using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;
using Xunit;

namespace Directory.Tests.Scim;

/// <summary>
/// Resources in canonical form, made from the schema alone. Few distinct values are used, so that two resources often share some.
/// The seed is random unless DIRECTORY_SEED sets it, and is printed by every test that uses it.
/// </summary>
public sealed class RandomAttributes(int seed)
{
    private static readonly string[] Words = ["a", "A", "b", "work", "home", "ß", "İ", "a b", "\"quoted\"", "日本"];

    public static int NewSeed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("DIRECTORY_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"DIRECTORY_SEED={seed}");
        return seed;
    }

    public Random Random { get; } = new(seed);

    public JsonObject Resource(ResourceType type)
    {
        JsonObject resource = [];
        if (Random.Next(2) == 0) resource["externalId"] = Word();
        Fill(resource, type.Schema.Attributes, 3);
        foreach (var extension in type.Extensions)
        {
            JsonObject attributes = [];
            Fill(attributes, extension.Schema.Attributes, 2);
            if (attributes.Count > 0) resource[extension.Schema.Id] = attributes;
        }
        return resource;
    }

    public JsonNode? Value(AttributeDefinition attribute)
    {
        if (!attribute.MultiValued) return Single(attribute);
        var elements = new JsonArray();
        var primaryTaken = false;
        for (var n = Random.Next(1, 4); n > 0; n--)
        {
            if (Single(attribute) is not { } element) continue;
            if (element is JsonObject complex && complex["primary"]?.GetValue<bool>() == true)
            {
                if (primaryTaken) complex.Remove("primary");
                primaryTaken = true;
            }
            if (element is not JsonObject { Count: 0 } && !elements.Any(other => JsonNode.DeepEquals(other, element))) elements.Add(element);
        }
        return elements.Count == 0 ? null : elements;
    }

    public JsonNode? Single(AttributeDefinition attribute) => attribute.Type switch
    {
        AttributeType.Complex => Complex(attribute),
        AttributeType.Boolean => Random.Next(2) == 0,
        AttributeType.Integer => Random.Next(3),
        AttributeType.Decimal => Random.Next(6) / 2m,
        AttributeType.DateTime => $"2024-05-0{Random.Next(1, 4)}T04:42:34Z",
        AttributeType.Binary => Convert.ToBase64String([(byte)Random.Next(3)]),
        AttributeType.Reference => $"https://example.com/{Random.Next(3)}",
        _ => Word(),
    };

    public string Word() => Words[Random.Next(Words.Length)];

    private JsonObject? Complex(AttributeDefinition attribute)
    {
        JsonObject value = [];
        Fill(value, attribute.SubAttributes, 2);
        return value.Count == 0 ? null : value;
    }

    // One attribute in `rarity` is present; required ones are, and what a client cannot write or nobody may store is not.
    private void Fill(JsonObject target, IReadOnlyList<AttributeDefinition> attributes, int rarity)
    {
        foreach (var attribute in attributes)
            if (attribute.Mutability != Mutability.ReadOnly && !attribute.IsSecret
                && (attribute.Required || Random.Next(rarity) == 0) && Value(attribute) is { } value)
                target[attribute.Name] = value;
    }
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// A body as it may be kept: without the values of secrets, wherever in it they stand, and with a long list replaced by its length,
/// because what matters of it is in the events about single members.
/// </summary>
public static class SentBody
{
    private const int LongestList = 100;

    /// <param name="type">Names the secrets.</param>
    /// <param name="body">What the client sent; it is not changed.</param>
    /// <param name="withheld">The names of secrets that are known to have been supplied.</param>
    public static SentRequest Of(ResourceType type, JsonNode body, IReadOnlyList<string> withheld) =>
        new(Copy(type, body), withheld.Count == 0 ? null : withheld);

    private static JsonNode? Copy(ResourceType type, JsonNode? node) => node switch
    {
        JsonObject json => CopyObject(type, json),
        JsonArray { Count: > LongestList } array => new JsonObject { ["elements"] = array.Count },
        JsonArray array => new JsonArray([.. array.Select(element => Copy(type, element))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject CopyObject(ResourceType type, JsonObject json)
    {
        var copy = new JsonObject();
        var aimsAtSecret = json.Any(p => Named(p.Key, "path") && p.Value is JsonValue path && IsSecret(type, path.ToString()));
        foreach (var (name, value) in json)
            if (!IsSecret(type, name) && !(aimsAtSecret && Named(name, "value")))
                copy[name] = Copy(type, value);
        return copy;
    }

    /// <summary>
    /// A secret of the schema under any of its spellings, or anything called a password: an attribute no schema knows is discarded
    /// too, and must not survive here.
    /// </summary>
    private static bool IsSecret(ResourceType type, string path)
    {
        if (path.Contains("password", StringComparison.OrdinalIgnoreCase)) return true;
        var name = path[(path.LastIndexOfAny([':', '.']) + 1)..];
        return HasSecret(type.Schema, name) || type.Extensions.Any(e => HasSecret(e.Schema, name));
    }

    private static bool HasSecret(ResourceSchema schema, string name) =>
        schema.Attributes.Any(a => (a.IsSecret && Named(a.Name, name)) || a.SubAttributes.Any(s => s.IsSecret && Named(s.Name, name)));

    private static bool Named(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

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
    /// <param name="body">What the client sent, or the part of it that is worth keeping; it is not changed.</param>
    public static SentRequest Of(ResourceType type, JsonNode? body)
    {
        var withheld = new List<string>();
        return new SentRequest(Copy(type, body, withheld), Distinct(withheld));
    }

    /// <summary>The operations of a PATCH, which are what is worth keeping of its body.</summary>
    public static SentRequest OfPatch(ResourceType type, JsonObject body) =>
        Of(type, body.FirstOrDefault(p => Named(p.Key, "Operations")).Value);

    /// <summary>Of a creation only what was withheld: the rest are the attributes of the event.</summary>
    public static SentRequest OfCreation(ResourceType type, JsonObject body)
    {
        var withheld = new List<string>();
        Withhold(type, body, withheld);
        return new SentRequest(null, Distinct(withheld));
    }

    private static JsonNode? Copy(ResourceType type, JsonNode? node, List<string> withheld) => node switch
    {
        JsonObject json => CopyObject(type, json, withheld),
        JsonArray { Count: > LongestList } array => new JsonObject { ["elements"] = array.Count },
        JsonArray array => new JsonArray([.. array.Select(element => Copy(type, element, withheld))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject CopyObject(ResourceType type, JsonObject json, List<string> withheld)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in Kept(type, json, withheld)) copy[name] = Copy(type, value, withheld);
        return copy;
    }

    /// <summary>As the copy does it, for one who needs no copy.</summary>
    private static void Withhold(ResourceType type, JsonNode? node, List<string> withheld)
    {
        if (node is JsonObject json)
            foreach (var (_, value) in Kept(type, json, withheld)) Withhold(type, value, withheld);
        else if (node is JsonArray { Count: <= LongestList } array)
            foreach (var element in array) Withhold(type, element, withheld);
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Kept(ResourceType type, JsonObject json, List<string> withheld)
    {
        var secretPath = json.FirstOrDefault(p => Named(p.Key, "path") && p.Value is JsonValue path && IsSecret(type, path.ToString())).Value;
        foreach (var property in json)
        {
            if (IsSecret(type, property.Key)) withheld.Add(property.Key);
            else if (secretPath is not null && Named(property.Key, "value")) withheld.Add(secretPath.ToString());
            else yield return property;
        }
    }

    private static string[]? Distinct(List<string> withheld) =>
        withheld.Count == 0 ? null : [.. withheld.Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>
    /// A secret of the schema under any of its spellings, or anything called a password: an attribute no schema knows is discarded
    /// too, and must not survive here.
    /// </summary>
    private static bool IsSecret(ResourceType type, string path)
    {
        if (path.Contains("password", StringComparison.OrdinalIgnoreCase)) return true;
        return type.Secrets.Count > 0 && Names(path).Any(type.Secrets.Contains);
    }

    /// <summary>The attribute and the sub-attribute of a path, without its URI, which has dots of its own, and without its filter.</summary>
    private static string[] Names(string path)
    {
        var filter = path.IndexOf('[');
        var bare = filter < 0 ? path : path[..filter] + path[(path.LastIndexOf(']') + 1)..];
        return bare[(bare.LastIndexOf(':') + 1)..].Split('.');
    }

    private static bool Named(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Bulk;

/// <summary>
/// References to resources that the same request creates (RFC 7644 §3.7.2): <c>bulkId:</c> and the bulkId, as a whole value
/// anywhere in the data, as the resource of a path, or in quotes within a path of a PATCH.
/// </summary>
public static class BulkReferences
{
    private const string Prefix = "bulkId:";

    /// <summary>The bulkId that the text refers to, or null.</summary>
    public static string? Of(string? text) => text?.StartsWith(Prefix, StringComparison.Ordinal) == true ? text[Prefix.Length..] : null;

    /// <summary>The data with ids in the place of references.</summary>
    /// <param name="operation">Its data is not changed.</param>
    /// <param name="ids">The ids by bulkId; a reference to another bulkId stays as it is.</param>
    public static JsonObject? Resolve(BulkOperation operation, IReadOnlyDictionary<string, Guid> ids) => operation.References.Count == 0
        ? operation.Data
        : (JsonObject?)Map(operation.Data, bulkId => ids.TryGetValue(bulkId, out var id) ? id.ToString() : null);

    internal static HashSet<string> In(string? target, JsonObject? data)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (Of(target) is { } own) found.Add(own);
        Map(data, bulkId =>
        {
            found.Add(bulkId);
            return null;
        });
        return found;
    }

    private static JsonNode? Map(JsonNode? node, Func<string, string?> id)
    {
        switch (node)
        {
            case JsonObject json:
                var copy = new JsonObject();
                foreach (var (name, value) in JsonInput.Members(json))
                    copy.Add(name, Text(value) is { } path && name.Equals("path", StringComparison.OrdinalIgnoreCase) ? Quoted(path, id) : Map(value, id));
                return copy;
            case JsonArray array:
                return new JsonArray([.. array.Select(element => Map(element, id))]);
            default:
                return Of(Text(node)) is { } bulkId && id(bulkId) is { } resolved ? JsonValue.Create(resolved) : node?.DeepClone();
        }
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && JsonInput.TryGetText(value, out var text) ? text : null;

    /// <summary><c>members[value eq "bulkId:ann"]</c>.</summary>
    private static string Quoted(string text, Func<string, string?> id)
    {
        const string opening = "\"" + Prefix;
        var from = 0;
        while (text.IndexOf(opening, from, StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = text.IndexOf('"', start + opening.Length);
            if (end < 0) break;
            var resolved = id(text[(start + opening.Length)..end]) is { } found ? $"\"{found}\"" : text[start..(end + 1)];
            text = text[..start] + resolved + text[(end + 1)..];
            from = start + resolved.Length;
        }

        return text;
    }
}

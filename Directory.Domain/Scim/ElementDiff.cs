using System.Text.Json.Nodes;

namespace Directory.Domain.Scim;

/// <summary>The elements of one multi-valued attribute that were added, removed, or took the place of another.</summary>
internal static class ElementDiff
{
    public static void Compare(string path, JsonNode? before, JsonNode? after, List<AttributeChange> changes)
    {
        var (removed, added) = (Elements(before), Elements(after));
        removed.RemoveAll(element => Take(added, other => ValueEquality.Same(element, other)) is not null);

        Pair((left, right) => SameText(left, right, "type") && SameText(left, right, "value"));
        Pair((left, right) => SameText(left, right, "type"));
        Pair((left, right) => SameText(left, right, "value"));
        foreach (var element in removed) changes.Add(AttributeChange.Of(path, element, null));
        foreach (var element in added) changes.Add(AttributeChange.Of(path, null, element));

        void Pair(Func<JsonNode, JsonNode, bool> succeeds) => removed.RemoveAll(element =>
        {
            if (Take(added, other => succeeds(element, other)) is not { } successor) return false;
            changes.Add(AttributeChange.Of(path, element, successor));
            return true;
        });
    }

    // A value that is no array was stored when the attribute was single-valued: it is the one element.
    private static List<JsonNode> Elements(JsonNode? value) => value switch
    {
        null => [],
        JsonArray array => [.. array.OfType<JsonNode>()],
        _ => [value],
    };

    private static JsonNode? Take(List<JsonNode> elements, Predicate<JsonNode> match)
    {
        var index = elements.FindIndex(match);
        if (index < 0) return null;
        var element = elements[index];
        elements.RemoveAt(index);
        return element;
    }

    // The sub-attributes that identify an element of a multi-valued attribute (RFC 7643 §2.4).
    private static bool SameText(JsonNode left, JsonNode right, string name) =>
        left is JsonObject a && right is JsonObject b && a[name] is { } value && ValueEquality.Same(value, b[name]);
}

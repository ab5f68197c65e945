using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>The values of a resource as filters compare them, the same in memory and in what is stored for searching.</summary>
public static class FilterValue
{
    /// <summary>
    /// The text that stands for a string: folded, unless its attribute distinguishes case. Binary always does (RFC 7643 §2.3.6),
    /// whatever its definition says: two texts in base64 that differ in case are different bytes.
    /// </summary>
    public static string Comparable(AttributeDefinition leaf, string text) =>
        leaf.CaseExact || leaf.Type == AttributeType.Binary ? text : CaseFolding.Fold(text);

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool? Truth(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The number, or null for one beyond the range of a decimal: it then satisfies no comparison.</summary>
    public static decimal? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static DateTimeOffset? Time(JsonNode? node) =>
        Text(node) is { } text && ScimDateTime.TryParse(text, out var instant) ? instant : null;

    /// <summary>
    /// The order of strings for gt, lt and sorting: by Unicode code point, which is the order of the UTF-8 bytes and that of
    /// PostgreSQL's collation "C". UTF-16 order differs from it above U+FFFF.
    /// </summary>
    public static int CompareByCodePoint(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            if (left[i] == right[i]) continue;
            var (l, r) = (char.IsSurrogate(left[i]), char.IsSurrogate(right[i]));
            // Every surrogate belongs to a code point above all that are written in one unit.
            return l == r ? left[i].CompareTo(right[i]) : l ? 1 : -1;
        }
        return left.Length.CompareTo(right.Length);
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim;

/// <summary>
/// When two attribute values are the same: objects without regard to the order of their keys, arrays without regard to the order of
/// their elements (RFC 7643 §2.4), numbers as decimals, strings ordinally. Null is no value (RFC 7643 §2.5) and the same as itself only.
/// </summary>
public static class ValueEquality
{
    /// <summary>The same equality for sets and dictionaries.</summary>
    public static readonly IEqualityComparer<JsonNode> Comparer = EqualityComparer<JsonNode>.Create(Same, HashOf);

    public static bool Same(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (null, null) => true,
        (JsonObject a, JsonObject b) => SameMembers(a, b),
        (JsonArray a, JsonArray b) => SameElements(a, b),
        (JsonValue a, JsonValue b) => SameScalars(a, b),
        _ => false,
    };

    private static bool SameMembers(JsonObject left, JsonObject right)
    {
        if (left.Count != right.Count) return false;
        foreach (var (name, value) in left)
            if (!right.TryGetPropertyValue(name, out var other) || !Same(value, other))
                return false;
        return true;
    }

    private static bool SameElements(JsonArray left, JsonArray right)
    {
        if (left.Count != right.Count) return false;
        List<JsonNode?> unmatched = [.. right];
        foreach (var element in left)
        {
            var index = unmatched.FindIndex(other => Same(element, other));
            if (index < 0) return false;
            unmatched.RemoveAt(index);
        }
        return true;
    }

    private static bool SameScalars(JsonValue left, JsonValue right)
    {
        var kind = left.GetValueKind();
        if (kind != right.GetValueKind()) return false;
        return kind switch
        {
            JsonValueKind.String => string.Equals(Text(left), Text(right), StringComparison.Ordinal),
            JsonValueKind.Number => SameNumbers(left.ToJsonString(), right.ToJsonString()),
            _ => true,
        };
    }

    // A node made in memory may hold a date or a Guid, which is a string in JSON only.
    private static string Text(JsonValue value) => value.TryGetValue<string>(out var text) ? text : value.ToString();

    private static bool SameNumbers(string left, string right) =>
        decimal.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
        && decimal.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            ? a == b
            : string.Equals(left, right, StringComparison.Ordinal);

    // Sums, because neither keys nor elements have an order.
    private static int HashOf(JsonNode? node) => node switch
    {
        JsonObject members => members.Aggregate(1, (sum, member) =>
            unchecked(sum + HashCode.Combine(member.Key.GetHashCode(StringComparison.Ordinal), HashOf(member.Value)))),
        JsonArray elements => elements.Aggregate(2, (sum, element) => unchecked(sum + HashOf(element))),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value).GetHashCode(StringComparison.Ordinal),
        JsonValue value => (int)value.GetValueKind(),
        _ => 0,
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Tests.Providers;

/// <summary>
/// Holds an answer against what was recorded. An object may have more members than are expected of it, unless it says
/// <c>"$exact": true</c>, which holds for everything in it; a list has exactly the elements expected, in their order; null means null
/// or not there.
/// </summary>
public sealed class Expectation(Placeholders placeholders)
{
    private const string Exact = "$exact";

    /// <summary>Where the two differ first, as a sentence; null if they do not.</summary>
    public string? Difference(JsonNode? expected, JsonNode? actual) => Difference(expected, actual, "$", false);

    private string? Difference(JsonNode? expected, JsonNode? actual, string place, bool exact) => (expected, actual) switch
    {
        (null, null) => null,
        (null, _) => $"{place} should not be there and is {actual!.ToJsonString()}",
        (JsonObject e, JsonObject a) => Members(e, a, place, exact || e.ContainsKey(Exact)),
        (JsonArray e, JsonArray a) => Elements(e, a, place, exact),
        (JsonValue e, { } a) when e.TryGetValue<string>(out var text) =>
            Text(a) is { } value && placeholders.Matches(text, value) ? null : $"{place} should be \"{text}\" and is {a.ToJsonString()}",
        _ => JsonNode.DeepEquals(expected, actual) ? null : $"{place} should be {expected.ToJsonString()} and is {actual?.ToJsonString() ?? "not there"}",
    };

    // A number never equals its text: totals must be integers.
    private static string? Text(JsonNode node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? (string?)node : null;

    private string? Members(JsonObject expected, JsonObject actual, string place, bool exact)
    {
        foreach (var (name, value) in expected)
            if (name != Exact && Difference(value, actual[name], $"{place}.{name}", exact) is { } difference)
                return difference;
        var surplus = exact ? actual.FirstOrDefault(p => p.Value is not null && !expected.ContainsKey(p.Key)) : default;
        return surplus.Key is null ? null : $"{place}.{surplus.Key} is not expected and is {surplus.Value!.ToJsonString()}";
    }

    private string? Elements(JsonArray expected, JsonArray actual, string place, bool exact)
    {
        if (expected.Count != actual.Count)
            return $"{place} should have {expected.Count} elements and has {actual.Count}: {actual.ToJsonString()}";
        for (var i = 0; i < expected.Count; i++)
            if (Difference(expected[i], actual[i], $"{place}[{i}]", exact) is { } difference)
                return difference;
        return null;
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Directory.Tests.Providers;

/// <summary>
/// Values that an exchange learns on its way, such as the id the service gave. <c>{{name}}</c> in a request is filled in; as the whole
/// of an expected text it takes the value when it is met first, and demands the same value from then on. <c>{{*}}</c> is any value.
/// </summary>
public sealed partial class Placeholders
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public void Set(string name, string value) => values[name] = value;

    /// <summary>The text with every placeholder replaced.</summary>
    public string Fill(string text) => Placeholder().Replace(text, match => values.TryGetValue(match.Groups[1].Value, out var value)
        ? value
        : throw new InvalidOperationException($"Nothing has given {match.Value} a value before it is used."));

    /// <summary>A copy in which every text is filled in, names of members included.</summary>
    public JsonNode? Fill(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.Select(p => KeyValuePair.Create(Fill(p.Key), Fill(p.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Fill)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Fill(text),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether the text is what was expected; a placeholder without a value takes this one.</summary>
    public bool Matches(string expected, string actual)
    {
        if (expected == "{{*}}") return true;
        if (Placeholder().Match(expected) is { Success: true } match && match.Length == expected.Length)
            values.TryAdd(match.Groups[1].Value, actual);
        return string.Equals(Fill(expected), actual, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{\{([A-Za-z][\w.]*)\}\}")]
    private static partial Regex Placeholder();
}

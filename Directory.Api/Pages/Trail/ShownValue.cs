using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Api.Pages.Trail;

/// <summary>Values of attributes as a reader sees them: text as it is, the parts of a complex value one on each line.</summary>
public static class ShownValue
{
    public static string? Of(JsonNode? value) => value switch
    {
        null => null,
        JsonObject parts => string.Join('\n', parts.Where(p => p.Value is not null).Select(p => $"{p.Key}: {OnOneLine(p.Value)}")),
        JsonArray elements => string.Join('\n', elements.Select(OnOneLine)),
        _ => OnOneLine(value),
    };

    private static string? OnOneLine(JsonNode? value) => value switch
    {
        null => null,
        JsonValue simple when simple.GetValueKind() == JsonValueKind.String => simple.GetValue<string>(),
        JsonObject parts => string.Join(" · ", parts.Where(p => p.Value is not null).Select(p => p.Value is JsonValue v && v.GetValueKind() == JsonValueKind.True ? p.Key : $"{p.Key}: {OnOneLine(p.Value)}")),
        JsonArray elements => string.Join(", ", elements.Select(OnOneLine)),
        _ => value.ToJsonString(),
    };
}

/// <summary>One line of a table of changes.</summary>
/// <param name="Path">The attribute.</param>
/// <param name="Redacted">A secret that came and was discarded.</param>
public sealed record ShownChange(string Path, string Op, string? Before, string? After, bool Redacted)
{
    /// <param name="json">The changes of an entry of the audit.</param>
    public static IReadOnlyList<ShownChange> Of(string json) =>
    [
        .. JsonNode.Parse(json)!.AsArray().Select(c => new ShownChange(
            (string)c!["path"]!, (string)c["op"]!, ShownValue.Of(c["before"]), ShownValue.Of(c["after"]), (bool?)c["redacted"] ?? false)),
    ];

    public static IReadOnlyList<ShownChange> Of(IEnumerable<AttributeChange> changes) =>
        [.. changes.Select(c => new ShownChange(c.Path, c.Op.ToString().ToLowerInvariant(), ShownValue.Of(c.Before), ShownValue.Of(c.After), false))];

    /// <summary>The URN that the path begins with; null for the core schema.</summary>
    public string? Schema => ShortPath.Length == Path.Length ? null : Path[..^(ShortPath.Length + 1)];

    /// <summary>The path without the URN of an extension, as far as a list has room for.</summary>
    public string ShortPath => Path.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? Path[(Path.LastIndexOf(':') + 1)..] : Path;
}

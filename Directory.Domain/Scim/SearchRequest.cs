using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim;

/// <summary>
/// What a client asks of a list, as it was sent; null for what was not: the parameters of RFC 7644 §3.4.2 and RFC 9865 §2, which stand
/// in an address or in the body of a search request (RFC 7644 §3.4.3).
/// </summary>
public sealed record SearchRequest
{
    public string? Filter { get; init; }
    public string? SortBy { get; init; }
    public string? SortOrder { get; init; }
    public string? StartIndex { get; init; }
    public string? Count { get; init; }

    /// <summary>Empty for the first page of a walk.</summary>
    public string? Cursor { get; init; }

    public IReadOnlyList<string>? Attributes { get; init; }
    public IReadOnlyList<string>? ExcludedAttributes { get; init; }

    /// <summary>
    /// Names are read without regard to case, numbers may be strings, and a list of attributes may be one string with commas, as it is
    /// in an address. What is unknown is passed over.
    /// </summary>
    /// <exception cref="ScimException">400 invalidSyntax: no SearchRequest URN, or a member of the wrong type.</exception>
    public static SearchRequest Parse(JsonObject body)
    {
        var members = new Dictionary<string, JsonNode?>(JsonInput.Members(body), StringComparer.OrdinalIgnoreCase);
        if (List(members, "schemas")?.Contains(ScimUrns.SearchRequest, StringComparer.OrdinalIgnoreCase) != true)
            throw new ScimException(ScimError.InvalidSyntax($"The attribute 'schemas' must contain {ScimUrns.SearchRequest}."));
        return new SearchRequest
        {
            Filter = NotEmpty(members, "filter"),
            SortBy = NotEmpty(members, "sortBy"),
            SortOrder = NotEmpty(members, "sortOrder"),
            StartIndex = NotEmpty(members, "startIndex"),
            Count = NotEmpty(members, "count"),
            Cursor = Text(members, "cursor"),
            Attributes = List(members, "attributes"),
            ExcludedAttributes = List(members, "excludedAttributes"),
        };
    }

    private static string? NotEmpty(Dictionary<string, JsonNode?> members, string name) => Text(members, name) is { Length: > 0 } text ? text : null;

    private static string? Text(Dictionary<string, JsonNode?> members, string name) => members.GetValueOrDefault(name) switch
    {
        null => null,
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => number.ToJsonString(),
        var node => String(node, name),
    };

    private static IReadOnlyList<string>? List(Dictionary<string, JsonNode?> members, string name) => members.GetValueOrDefault(name) switch
    {
        null => null,
        JsonArray array => [.. array.Select(element => String(element, name))],
        var node => String(node, name).Split(','),
    };

    private static string String(JsonNode? node, string name) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && JsonInput.TryGetText(value, out var text)
            ? text
            : throw new ScimException(ScimError.InvalidSyntax($"The value of '{name}' in the search request is of the wrong type."));
}

using System.Text.Json.Nodes;

namespace Directory.Tests.Api;

/// <summary>What the service answered. <see cref="Body"/> is null when there was none, or none in JSON.</summary>
public sealed record ScimAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Text, JsonNode? Body)
{
    /// <summary>A header of the answer or of its content; null if it is not there.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The <c>id</c> of the resource in the body.</summary>
    public string Id => (string?)Body?["id"] ?? throw new InvalidOperationException($"No id in {this}");

    /// <summary>The rows of a ListResponse.</summary>
    public JsonArray Resources => Body?["Resources"] as JsonArray ?? throw new InvalidOperationException($"No list in {this}");

    public string? ScimType => (string?)Body?["scimType"];

    public static async Task<ScimAnswer> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        var isJson = response.Content.Headers.ContentType?.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));
        return new ScimAnswer((int)response.StatusCode, headers, text, isJson && text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    public override string ToString() => $"{Status} {Text}";
}

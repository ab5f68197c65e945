using System.Text.Json.Nodes;

namespace AuditBenchmark;

/// <summary>Asks, and holds every answer to what was asked.</summary>
public sealed class Answers(HttpClient audit)
{
    /// <summary>A first page: entries in falling order, each as asked for.</summary>
    /// <param name="least">So many entries at least.</param>
    public async Task<JsonArray> Page(string query, Func<JsonNode, bool> asked, int least, bool rising = false)
    {
        var answer = await Get($"/api/audit/entries?{query}");
        var entries = answer["entries"]!.AsArray();
        if (entries.Count < least) throw new InvalidOperationException($"{query}: {entries.Count} entries, and {least} are there.");
        long? before = null;
        foreach (var entry in entries)
        {
            var sequence = (long)entry!["sequence"]!;
            if (before is { } b && (rising ? sequence <= b : sequence >= b)) throw new InvalidOperationException($"{query}: out of order at {sequence}.");
            before = sequence;
            if (!asked(entry)) throw new InvalidOperationException($"{query}: entry {sequence} was not asked for: {entry.ToJsonString()}");
        }

        return entries;
    }

    public async Task<JsonNode> Get(string path)
    {
        using var response = await audit.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
    }

    public async Task Expect(string path, Func<JsonNode, bool> right)
    {
        var answer = await Get(path);
        if (!right(answer)) throw new InvalidOperationException($"{path}: {answer.ToJsonString()[..Math.Min(2000, answer.ToJsonString().Length)]}");
    }
}

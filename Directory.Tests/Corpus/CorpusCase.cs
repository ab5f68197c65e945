using System.Text.Json.Nodes;
using Xunit;

namespace Directory.Tests.Corpus;

/// <summary>
/// One row of the corpus of bad and unusual input:
/// <code>
/// { "row": 15, "case": "PATCH at id", "before": {…}, "request": { "method": "PATCH", "path": "/Users/{{user}}", "body": {…} },
///   "expect": { "status": 400, "scimType": "mutability" } }
/// </code>
/// A request has <c>body</c> (JSON), <c>raw</c> (text as it stands) or <c>base64</c> (bytes); a <c>filter</c> is appended to the path,
/// encoded. A long text is given as <c>{ "prefix", "text", "times", "suffix" }</c>. <c>token</c> is scim, audit or none. Expected are
/// the status, the scimType (none if not named), what the body and the headers hold, the <c>events</c> that the request causes (none
/// if not named), and what is read afterwards, <c>then</c>.
/// </summary>
public static class CorpusCase
{
    public static IEnumerable<TheoryDataRow<string, string>> All =>
        from file in System.IO.Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        from row in Read(Path.GetFileName(file))
        select new TheoryDataRow<string, string>(Path.GetFileName(file), Title(row));

    public static JsonObject Find(string file, string title) => Read(file).Single(row => Title(row) == title);

    /// <summary>A text, or one that is described by what it repeats.</summary>
    public static string Text(JsonNode node) => node is JsonObject repeated
        ? $"{repeated["prefix"]}{string.Concat(Enumerable.Repeat((string)repeated["text"]!, (int)repeated["times"]!))}{repeated["suffix"]}"
        : (string)node!;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Corpus");

    private static IEnumerable<JsonObject> Read(string file) =>
        JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, file)))!.AsArray().OfType<JsonObject>();

    private static string Title(JsonObject row) => $"{row["row"]} {row["case"]}";
}

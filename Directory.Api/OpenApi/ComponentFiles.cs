using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;
using Directory.Projections;
using Directory.Projections.Audit;

namespace Directory.Api.OpenApi;

/// <summary>
/// The schemas and parameters that endpoints name: those of <c>Components</c>, and those that follow from the tables which requests are
/// held against.
/// </summary>
public sealed class ComponentFiles(SchemaRegistry registry)
{
    private static readonly string[] SchemaFiles = ["audit", "replay", "admin", "provisioning", "jobs", "scim"];

    public IReadOnlyDictionary<string, JsonObject> Parameters { get; } = Read("parameters").ToDictionary(p => p.Key, p => (JsonObject)p.Value!);

    public IReadOnlyDictionary<string, JsonObject> Schemas { get; } = SchemaFiles.SelectMany(Read)
        .Concat(
        [
            new("Action", OneOf(AuditAction.All, "What was done.")),
            new("EventType", OneOf(DirectoryStore.EventNames.Values, "The storage name of an event.")),
            new("User", ResourceSchemas.Of(registry.User)),
            new("Group", ResourceSchemas.Of(registry.Group)),
        ])
        .ToDictionary(p => p.Key, p => (JsonObject)p.Value!);

    private static JsonObject OneOf(IEnumerable<string> values, string description) => new()
    {
        ["type"] = "string",
        ["description"] = description,
        ["enum"] = new JsonArray([.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(v => (JsonNode)v)]),
    };

    private static JsonObject Read(string name)
    {
        using var stream = typeof(ComponentFiles).Assembly.GetManifestResourceStream($"OpenApi.{name}.json")!;
        return (JsonObject)JsonNode.Parse(stream)!;
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Xunit;

namespace Directory.Tests.Scim.Patching;

/// <summary>
/// One row of a table of PATCH requests: a resource, operations, and either the resource afterwards or the scimType of the refusal.
/// Without <c>after</c> and <c>error</c> nothing changes. <c>repeat</c> says how the same request ends when it is sent again, if not
/// with the same resource.
/// </summary>
public sealed record PatchRow(
    string Name, JsonArray Operations, string? Type = null, JsonObject? Before = null, JsonObject? After = null, string? Error = null,
    string? Repeat = null, string[]? Ignored = null, string[]? Secrets = null)
{
    // Not the defaults for the web: they make the lookup in every JsonObject blind to case.
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    private static readonly ConcurrentDictionary<string, List<PatchRow>> Files = new();

    public ResourceType ResourceType => Type switch
    {
        null or "User" => ResourceTypes.User,
        "Group" => ResourceTypes.Group,
        "Machine" => Machines.Type,
        _ => throw new InvalidOperationException($"There is no resource type {Type}."),
    };

    public IReadOnlyList<PatchOperation> Parsed() => PatchRequest.Parse(new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
        ["Operations"] = Operations.DeepClone(),
    });

    public static TheoryData<string, string> NamesIn(params string[] files)
    {
        var names = new TheoryData<string, string>();
        foreach (var file in files)
            foreach (var row in Read(file))
                names.Add(file, row.Name);
        return names;
    }

    public static PatchRow Find(string file, string name) => Read(file).Single(row => row.Name == name);

    private static List<PatchRow> Read(string file) => Files.GetOrAdd(file, _ =>
        JsonSerializer.Deserialize<List<PatchRow>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)), Format)!);
}

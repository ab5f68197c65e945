using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Tests.Api;

/// <summary>Request bodies for tests that are not about bodies.</summary>
public static class Some
{
    public static JsonObject User(string userName, params (string Name, JsonNode? Value)[] more) => With(
        new JsonObject { ["schemas"] = new JsonArray(ScimUrns.User), ["userName"] = userName }, more);

    public static JsonObject Group(string displayName, params string[] members) => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.Group),
        ["displayName"] = displayName,
        ["members"] = Members(members),
    };

    /// <summary>A PATCH of one operation; without a value or a path where null.</summary>
    public static JsonObject Patch(string op, string? path, JsonNode? value = null)
    {
        var operation = new JsonObject { ["op"] = op };
        if (path is not null) operation["path"] = path;
        if (value is not null) operation["value"] = value;
        return new JsonObject { ["schemas"] = new JsonArray(ScimUrns.PatchOp), ["Operations"] = new JsonArray(operation) };
    }

    public static JsonArray Members(params string[] ids) => [.. ids.Select(id => new JsonObject { ["value"] = id })];

    private static JsonObject With(JsonObject json, (string Name, JsonNode? Value)[] more)
    {
        foreach (var (name, value) in more) json[name] = value;
        return json;
    }
}

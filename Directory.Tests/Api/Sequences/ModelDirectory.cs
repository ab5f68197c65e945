using System.Text.Json.Nodes;

namespace Directory.Tests.Api.Sequences;

public sealed class ModelUser
{
    public required string UserName { get; set; }
    public string? DisplayName { get; set; }
    public string? Title { get; set; }
    public bool Active { get; set; } = true;
    public List<(string Value, string Type)> Emails { get; set; } = [];
    public string ETag { get; set; } = "";
}

public sealed class ModelGroup
{
    public required string Name { get; set; }
    public HashSet<string> Members { get; set; } = [];
    public string ETag { get; set; } = "";
}

/// <summary>
/// What a directory is, told once more and as simply as can be, apart from all code of the service: users and groups by their id.
/// </summary>
public sealed class ModelDirectory
{
    private const string Base = "http://localhost/api/scim/v2";

    public Dictionary<string, ModelUser> Users { get; } = [];
    public Dictionary<string, ModelGroup> Groups { get; } = [];

    public bool UserNameIsTaken(string name, string? by) => Users.Any(u => u.Key != by && Same(u.Value.UserName, name));

    public bool GroupNameIsTaken(string name, string? by) => Groups.Any(g => g.Key != by && Same(g.Value.Name, name));

    /// <summary>Whether all may be members of the group: they exist, and none of them contains it.</summary>
    public bool MayBeMembers(string? group, IEnumerable<string> ids) =>
        ids.All(id => Users.ContainsKey(id) || (Groups.ContainsKey(id) && (group is null || (id != group && !Contains(id, group)))));

    public void Delete(string id)
    {
        Users.Remove(id);
        Groups.Remove(id);
        foreach (var group in Groups.Values) group.Members.Remove(id);
    }

    /// <summary>The groups of a user, and whether it is a member itself.</summary>
    public IEnumerable<(string Group, bool Direct)> GroupsOf(string id) =>
        Groups.Where(g => Contains(g.Key, id)).Select(g => (g.Key, g.Value.Members.Contains(id)));

    /// <summary>The representation of a user or group, without meta.</summary>
    public JsonObject Representation(string id) => Users.TryGetValue(id, out var user) ? User(id, user) : Group(id, Groups[id]);

    private bool Contains(string group, string id) =>
        Groups[group].Members.Any(m => m == id || (Groups.ContainsKey(m) && Contains(m, id)));

    private JsonObject User(string id, ModelUser user)
    {
        var json = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"),
            ["id"] = id,
            ["userName"] = user.UserName,
            ["active"] = user.Active,
        };
        if (user.DisplayName is not null) json["displayName"] = user.DisplayName;
        if (user.Title is not null) json["title"] = user.Title;
        if (user.Emails.Count > 0)
            json["emails"] = new JsonArray([.. user.Emails.Select(e => new JsonObject { ["value"] = e.Value, ["type"] = e.Type })]);
        var groups = GroupsOf(id).Select(g => new JsonObject
        {
            ["value"] = g.Group,
            ["$ref"] = $"{Base}/Groups/{g.Group}",
            ["display"] = Groups[g.Group].Name,
            ["type"] = g.Direct ? "direct" : "indirect",
        }).ToArray<JsonNode>();
        if (groups.Length > 0) json["groups"] = new JsonArray(groups);
        return json;
    }

    private JsonObject Group(string id, ModelGroup group)
    {
        var json = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"),
            ["id"] = id,
            ["displayName"] = group.Name,
        };
        if (group.Members.Count > 0) json["members"] = new JsonArray([.. group.Members.Select(Member)]);
        return json;
    }

    private JsonObject Member(string id) => Users.TryGetValue(id, out var user)
        ? new JsonObject { ["value"] = id, ["$ref"] = $"{Base}/Users/{id}", ["display"] = user.DisplayName ?? user.UserName, ["type"] = "User" }
        : new JsonObject { ["value"] = id, ["$ref"] = $"{Base}/Groups/{id}", ["display"] = Groups[id].Name, ["type"] = "Group" };

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

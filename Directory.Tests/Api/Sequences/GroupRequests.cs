using System.Text.Json.Nodes;

namespace Directory.Tests.Api.Sequences;

/// <summary>Requests about groups by chance, each with the status that the model foresees and what it does to the model.</summary>
public sealed class GroupRequests(Random random, ModelDirectory model)
{
    private static readonly string[] Names = ["Guides", "cooks", "Staff", "ALL", "guests"];

    public Request Create()
    {
        var group = Wanted();
        var status = !model.MayBeMembers(null, group.Members) ? 400 : model.GroupNameIsTaken(group.Name, null) ? 409 : 201;
        return new Request("POST", "/Groups", Some.Group(group.Name, [.. group.Members]), status, id => model.Groups.Add(id!, group));
    }

    public Request Replace(string id, Precondition condition)
    {
        var group = Wanted();
        var status = condition.Status(model.Groups.ContainsKey(id))
            ?? (!model.MayBeMembers(id, group.Members) ? 400 : model.GroupNameIsTaken(group.Name, id) ? 409 : 200);
        return new Request("PUT", $"/Groups/{id}", Some.Group(group.Name, [.. group.Members]), status, _ => model.Groups[id] = group, condition);
    }

    public Request Patch(string id, Precondition condition)
    {
        var before = model.Groups.GetValueOrDefault(id) ?? new ModelGroup { Name = "nothing" };
        var group = new ModelGroup { Name = before.Name, Members = [.. before.Members] };
        var (ids, one, name) = (Ids(), Id(), Name());
        var (patch, allowed) = random.Next(6) switch
        {
            0 => (Some.Patch("add", "members", Some.Members(ids)), Add(group, id, ids)),
            1 => (Some.Patch("replace", "members", Some.Members(ids)), Replaced(group, id, ids)),
            2 => (Some.Patch("remove", $"members[value eq \"{one}\"]"), Removed(group, one)),
            3 => (Some.Patch("remove", "members", Some.Members(one)), Removed(group, one)),
            4 => (Some.Patch("remove", "members"), Replaced(group, id, [])),
            _ => (Some.Patch("replace", "displayName", name), Renamed(group, name)),
        };
        var status = condition.Status(model.Groups.ContainsKey(id)) ?? (!allowed ? 400 : model.GroupNameIsTaken(group.Name, id) ? 409 : 204);
        return new Request("PATCH", $"/Groups/{id}", patch, status, _ => model.Groups[id] = group, condition);
    }

    public Request Delete(string id, Precondition condition) => new(
        "DELETE", $"/Groups/{id}", null, condition.Status(model.Groups.ContainsKey(id)) ?? 204, _ => model.Delete(id), condition);

    /// <summary>A filter and which groups match it.</summary>
    public (string Filter, Func<string, ModelGroup, bool> Matches) Filter()
    {
        var (name, member) = (Name(), Id());
        return random.Next(4) switch
        {
            0 => ($"displayName eq \"{name}\"", (_, g) => string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase)),
            1 => ($"members.value eq \"{member}\"", (_, g) => g.Members.Contains(member)),
            2 => ($"members[value eq \"{member}\" and type eq \"Group\"]", (_, g) => g.Members.Contains(member) && model.Groups.ContainsKey(member)),
            _ => ("not (members pr)", (_, g) => g.Members.Count == 0),
        };
    }

    private bool Add(ModelGroup group, string id, string[] ids)
    {
        group.Members.UnionWith(ids);
        return model.MayBeMembers(id, ids);
    }

    private bool Replaced(ModelGroup group, string id, string[] ids)
    {
        group.Members = [.. ids];
        return model.MayBeMembers(id, ids);
    }

    private static bool Removed(ModelGroup group, string id)
    {
        group.Members.Remove(id);
        return true;
    }

    private static bool Renamed(ModelGroup group, string name)
    {
        group.Name = name;
        return true;
    }

    private ModelGroup Wanted() => new() { Name = Name(), Members = [.. Ids()] };

    private string[] Ids() => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Id()).Distinct()];

    // Now and then the id of nobody.
    private string Id()
    {
        string[] ids = [.. model.Users.Keys, .. model.Groups.Keys];
        return ids.Length == 0 || random.Next(20) == 0 ? Guid.NewGuid().ToString() : ids[random.Next(ids.Length)];
    }

    private string Name()
    {
        var name = Names[random.Next(Names.Length)];
        return random.Next(3) == 0 ? name.ToLowerInvariant() : name;
    }
}

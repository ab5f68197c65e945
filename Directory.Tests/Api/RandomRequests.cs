using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;

namespace Directory.Tests.Api;

/// <summary>
/// Requests by chance, from a seed: users and groups come, change, swap names and go. Names are few, so that many requests are refused
/// or change nothing.
/// </summary>
public sealed class RandomRequests(DirectoryFixture directory, int seed)
{
    private static readonly string[] Names = ["anna", "ANNA", "bob", "carl", "Straße", "STRASSE", "dora", "emil", "fay", "gus"];

    private readonly Random random = new(seed);
    private readonly List<string> users = [];
    private readonly List<string> groups = [];

    /// <summary>How often each status was answered.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    public async Task Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var answer = await Next();
            answer.Status.ShouldBeLessThan(500, $"seed {seed}, request {i + 1}: {answer}");
            Statuses[answer.Status] = Statuses.GetValueOrDefault(answer.Status) + 1;
        }
    }

    private Task<ScimAnswer> Next() => random.Next(14) switch
    {
        0 or 1 => Created(users, "/Users", User()),
        2 => Created(groups, "/Groups", Some.Group(Name(), Members())),
        3 => directory.Scim("PUT", $"/Users/{Any(users)}", User()),
        4 => directory.Scim("PUT", $"/Groups/{Any(groups)}", Some.Group(Name(), Members())),
        5 => directory.Scim("PATCH", $"/Users/{Any(users)}", Some.Patch("replace", null, new JsonObject { ["active"] = Chance() })),
        6 => directory.Scim("PATCH", $"/Users/{Any(users)}", Some.Patch("replace", "userName", Name())),
        7 => directory.Scim("PATCH", $"/Users/{Any(users)}", Change()),
        8 => directory.Scim("PATCH", $"/Groups/{Any(groups)}", Some.Patch("add", "members", Some.Members(Members()))),
        9 => directory.Scim("PATCH", $"/Groups/{Any(groups)}", Some.Patch("remove", $"members[value eq \"{Any([.. users, .. groups])}\"]")),
        10 => directory.Scim("PATCH", $"/Groups/{Any(groups)}", Some.Patch("replace", "members", Some.Members(Members()))),
        11 => directory.Scim("PATCH", $"/Groups/{Any(groups)}", Mixed()),
        12 => directory.Scim("DELETE", $"/Users/{Any(users)}"),
        _ => directory.Scim("DELETE", $"/Groups/{Any(groups)}"),
    };

    private async Task<ScimAnswer> Created(List<string> ids, string path, JsonObject body)
    {
        var answer = await directory.Scim("POST", path, body);
        if (answer.Status == 201) ids.Add(answer.Id);
        return answer;
    }

    private JsonObject User() => Some.User(Name(),
        ("displayName", Chance() ? Name() : null),
        ("externalId", Chance() ? Number(5) : null),
        ("emails", Chance() ? new JsonArray(Mail("work"), Mail("home")) : null),
        ("active", Chance()));

    private JsonObject Change() => random.Next(4) switch
    {
        0 => Some.Patch("Add", "title", Number(3)),
        1 => Some.Patch("Remove", Chance() ? "title" : "displayName"),
        2 => Some.Patch("add", "emails[type eq \"work\"].value", $"{Number(4)}@example.com"),
        _ => Some.Patch("replace", null, new JsonObject { ["displayName"] = Name(), ["active"] = Chance(), ["userName"] = Name() }),
    };

    private JsonObject Mixed()
    {
        var patch = Some.Patch("replace", null, new JsonObject { ["displayName"] = Name() });
        patch["Operations"]!.AsArray().Add(new JsonObject { ["op"] = "remove", ["path"] = $"members[value eq \"{Any(users)}\"]" });
        patch["Operations"]!.AsArray().Add(new JsonObject { ["op"] = "add", ["path"] = "members", ["value"] = Some.Members(Members()) });
        return patch;
    }

    // Now and then a group, which may be the group itself or contain it.
    private string[] Members() => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(random.Next(5) == 0 ? groups : users))];

    private JsonObject Mail(string type) => new() { ["type"] = type, ["value"] = $"{Number(4)}@example.com" };

    private string Name() => Names[random.Next(Names.Length)];

    private string Number(int below) => random.Next(below).ToString(CultureInfo.InvariantCulture);

    private bool Chance() => random.Next(2) == 0;

    private string Any(List<string> ids) => ids.Count == 0 ? Guid.Empty.ToString() : ids[random.Next(ids.Count)];
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Shouldly;

namespace Directory.Tests.Replay;

/// <summary>What the service showed of a user or group when it had just reached a version.</summary>
public sealed record Shown(string Endpoint, string Id, long Version, JsonObject Resource);

/// <summary>Everything the service showed at one moment.</summary>
public sealed record Checkpoint(string Name, DateTimeOffset At, IReadOnlyList<Shown> Users, IReadOnlyList<Shown> Groups);

/// <summary>
/// A year of a company's provisioning: joiners, group pushes, renames, moves, pushes that change nothing, leavers, a rehire, a
/// mistaken mass deactivation and its undo, deletions and restorations. All that clients were shown is recorded.
/// </summary>
public sealed class ProvisionedYear(TestDatabase databases) : ReplayFixture(databases)
{
    private const int Joiners = 12;

    private readonly List<string> users = [], groups = [];

    public List<Shown> Recorded { get; } = [];

    public List<Checkpoint> Checkpoints { get; } = [];

    public IReadOnlyList<string> Users => users;

    public IReadOnlyList<string> Groups => groups;

    public string Engineering => groups[0];

    public string Everyone => groups[2];

    /// <summary>From just before the mistaken mass deactivation to just after it.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Mistake { get; private set; }

    public JsonNode UndoPreview { get; private set; } = new JsonObject();

    public JsonNode Undo { get; private set; } = new JsonObject();

    /// <summary>Events there were before and after the preview of the undo.</summary>
    public (long Before, long After) EventsAroundPreview { get; private set; }

    protected override async Task Prepare()
    {
        await January();
        await Spring();
        await Summer();
        await September();
        await December();
    }

    private async Task January()
    {
        for (var i = 0; i < Joiners; i++) users.Add(await Do("POST", "/Users", Joiner(i, i % 2 == 0 ? "R&D" : "Sales")));
        groups.Add(await Do("POST", "/Groups", Some.Group("Engineering", users[0], users[2])));
        groups.Add(await Do("POST", "/Groups", Some.Group("Sales")));
        groups.Add(await Do("POST", "/Groups", Some.Group("Everyone", groups[0], groups[1])));
        await Do("PATCH", $"/Groups/{groups[0]}", Some.Patch("add", "members", Some.Members(users[4], users[6], users[8])));
        await Do("PATCH", $"/Groups/{groups[1]}", Some.Patch("add", "members", Some.Members(users[1], users[3], users[5])));
        await Check("January");
    }

    private async Task Spring()
    {
        await Do("PATCH", $"/Users/{users[1]}", Patch("""
            [{"op":"replace","path":"userName","value":"married@example.com"},{"op":"replace","path":"name.familyName","value":"Bell"},
             {"op":"replace","path":"emails[type eq \"work\"].value","value":"married@example.com"}]
            """));
        var moved = Joiner(2, "Sales");
        moved["title"] = "Account manager";
        await Do("PUT", $"/Users/{users[2]}", moved);
        await Do("PATCH", $"/Groups/{groups[0]}", Some.Patch("remove", $"members[value eq \"{users[2]}\"]"));
        await Do("PATCH", $"/Groups/{groups[1]}", Some.Patch("add", "members", Some.Members(users[2])));
        await Do("PUT", $"/Users/{users[2]}", moved.DeepClone());
        await Do("PATCH", $"/Groups/{groups[0]}", Some.Patch("replace", "displayName", "Research"));
        await Do("PUT", $"/Groups/{groups[1]}", Some.Group("Sales", users[1], users[2], users[7], users[9]));
        await Check("Spring");
    }

    private async Task Summer()
    {
        await Do("PATCH", $"/Users/{users[3]}", Some.Patch("replace", "active", false));
        await Do("PATCH", $"/Users/{users[5]}", Patch("""[{"op":"replace","value":{"active":false,"title":"Gone"}}]"""));
        await Do("PATCH", $"/Groups/{groups[2]}", Some.Patch("remove", $"members[value eq \"{groups[1]}\"]"));
        await Do("DELETE", $"/Users/{users[9]}");
        await Check("Summer");
        users.Add(await Do("POST", "/Users", Joiner(9, "Returned")));
        await Do("PATCH", $"/Users/{users[3]}", Some.Patch("replace", "active", true));
        await Do("PATCH", $"/Groups/{groups[2]}", Some.Patch("add", "members", Some.Members(groups[1], users[^1])));
        await Check("Rehire");
    }

    private async Task September()
    {
        var from = await LastEventTime() + TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond);
        foreach (var user in users.Where(u => u != users[9])) await Do("PATCH", $"/Users/{user}", Some.Patch("replace", "active", false));
        await Do("PATCH", $"/Groups/{groups[0]}", Some.Patch("remove", $"members[value eq \"{users[4]}\"]"));
        await Do("DELETE", $"/Users/{users[7]}");
        Mistake = (from, await LastEventTime() + TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond));
        await Check("Mistake");

        (await ByPayroll("PATCH", $"/Users/{users[0]}", Some.Patch("replace", "active", true))).Status.ShouldBe(200);
        await Record("/Users", users[0]);
        (await ByPayroll("PATCH", $"/Users/{users[1]}", Some.Patch("replace", "title", "Director"))).Status.ShouldBe(200);
        await Record("/Users", users[1]);

        var window = new JsonObject { ["from"] = Text(Mistake.From), ["to"] = Text(Mistake.To) };
        var before = await Events();
        UndoPreview = await Administered($"/connections/{Okta}/undo/preview", window.DeepClone());
        EventsAroundPreview = (before, await Events());
        Undo = await Administered($"/connections/{Okta}/undo", window);
        foreach (var user in users.Where(u => u != users[9])) await Record("/Users", user);
        foreach (var group in groups) await Record("/Groups", group);
        await Check("Undone");
    }

    private async Task December()
    {
        await Do("DELETE", $"/Groups/{groups[1]}");
        await Check("Without Sales");
        await Administered($"/groups/{groups[1]}/restore", new JsonObject { ["memberships"] = true });
        await Record("/Groups", groups[1]);
        await Administered($"/users/{users[2]}/restore", new JsonObject { ["version"] = 1 });
        await Record("/Users", users[2]);
        await Check("December");
    }

    private async Task<string> Do(string method, string path, JsonNode? body = null)
    {
        var id = await Write(method, path, body);
        if (method != "DELETE") await Record($"/{path.Split('/')[1]}", id);
        return id;
    }

    private async Task Record(string endpoint, string id) => Recorded.Add(await Show(endpoint, id));

    private async Task<Shown> Show(string endpoint, string id)
    {
        var answer = await Scim("GET", $"{endpoint}/{id}");
        answer.Status.ShouldBe(200, answer.ToString());
        return new Shown(endpoint, id, await VersionOf(id), answer.Body!.AsObject());
    }

    private async Task Check(string name) => Checkpoints.Add(new Checkpoint(
        name, await LastEventTime(), await ShowLive("/Users", users), await ShowLive("/Groups", groups)));

    private async Task<IReadOnlyList<Shown>> ShowLive(string endpoint, IEnumerable<string> ids)
    {
        var shown = new List<Shown>();
        foreach (var id in ids)
            if ((await Scim("GET", $"{endpoint}/{id}")).Status == 200)
                shown.Add(await Show(endpoint, id));
        return shown;
    }

    private static JsonObject Joiner(int number, string department) => (JsonObject)JsonNode.Parse($$"""
        {"schemas":["{{ScimUrns.User}}"],"userName":"joiner{{number}}@example.com","externalId":"00u{{number}}","active":true,
         "name":{"givenName":"Given{{number}}","familyName":"Family{{number}}"},"displayName":"Joiner {{number}}",
         "emails":[{"value":"joiner{{number}}@example.com","type":"work","primary":true},{"value":"home{{number}}@example.org","type":"home"}],
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"{{department}}","employeeNumber":"{{number}}"} }
        """)!;

    private static JsonObject Patch(string operations) => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.PatchOp),
        ["Operations"] = JsonNode.Parse(operations),
    };
}

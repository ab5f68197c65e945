using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>Undoing deletions and memberships, with all that can stand in the way.</summary>
public sealed class UndoTests(ReplayFixture directory) : IClassFixture<ReplayFixture>
{
    [Fact]
    public async Task deletions_and_memberships_are_taken_back_and_what_stands_in_the_way_is_named()
    {
        var users = new List<string>();
        for (var i = 0; i < 8; i++) users.Add(await directory.Write("POST", "/Users", Some.User($"undo{i}@example.com")));
        var inner = await directory.Write("POST", "/Groups", Some.Group("Inner", users[0], users[1]));
        var team = await directory.Write("POST", "/Groups", Some.Group("Team", users[2], users[3], users[4], users[5]));
        var outer = await directory.Write("POST", "/Groups", Some.Group("Outer", inner));
        var from = await Now();
        await directory.Write("DELETE", $"/Groups/{inner}");
        await directory.Write("PATCH", $"/Groups/{team}", Remove(users[2]));
        await directory.Write("PATCH", $"/Groups/{team}", Remove(users[3]));
        await directory.Write("PATCH", $"/Groups/{team}", Some.Patch("add", "members", Some.Members(users[0], users[1])));
        await directory.Write("PATCH", $"/Groups/{team}", Some.Patch("replace", "displayName", "Crew"));
        await directory.Write("DELETE", $"/Users/{users[4]}");
        await directory.Write("DELETE", $"/Users/{users[5]}");
        await directory.Write("PATCH", $"/Users/{users[6]}", Some.Patch("replace", "title", "T"));
        await directory.Write("DELETE", $"/Users/{users[7]}");
        await directory.Write("PATCH", $"/Users/{users[0]}", Some.Patch("replace", "active", false));
        var to = await Now();
        await Payroll("DELETE", $"/Users/{users[3]}");
        await Payroll("POST", "/Users", Some.User("UNDO5@example.com"));
        await Payroll("DELETE", $"/Users/{users[6]}");
        await Payroll("PATCH", $"/Groups/{team}", Remove(users[1]));
        var window = new JsonObject { ["from"] = from, ["to"] = to };

        var preview = await directory.Administered($"/connections/{directory.Okta}/undo/preview", window.DeepClone());
        var report = await directory.Administered($"/connections/{directory.Okta}/undo", window);

        report["notUndone"]!.AsArray().Select(n => ((string)n!["id"]!, (string?)n["member"]?["id"], (string)n["reason"]!)).ShouldBe(
            [(team, users[3], "cannotBeMember"), (users[5], null, "uniqueness"), (users[6], null, "deletedLater")], ignoreOrder: true);
        (await Members(inner)).ShouldBe([users[0], users[1]], ignoreOrder: true);
        (await Members(team)).ShouldBe([users[2], users[4]], ignoreOrder: true);
        (await Members(outer)).ShouldBe([inner]);
        (await directory.Scim("GET", $"/Groups/{team}")).Body!["displayName"]!.GetValue<string>().ShouldBe("Team");
        (await directory.Scim("GET", $"/Users/{users[7]}")).Status.ShouldBe(200);
        (await directory.Scim("GET", $"/Users/{users[0]}")).Body!["active"]!.GetValue<bool>().ShouldBeTrue();
        Told(preview, "undone").ShouldBe(Told(report, "undone"), ignoreOrder: true);
        Told(preview, "notUndone").ShouldBe(Told(report, "notUndone"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"from":"2999-01-01T00:00:00Z"}""")]
    [InlineData("""{"from":"2020-01-02T00:00:00Z","to":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"from":"2020-01-01T00:00:00Z","until":"2020-01-02T00:00:00Z"}""")]
    public async Task a_window_that_is_none_is_refused(string body) =>
        (await directory.Admin($"/connections/{directory.Okta}/undo", JsonNode.Parse(body)!)).Status.ShouldBe(400);

    private async Task<string> Now() => ReplayFixture.Text(await directory.LastEventTime() + TimeSpan.FromMicroseconds(1));

    private async Task Payroll(string method, string path, JsonNode? body = null) =>
        (await directory.ByPayroll(method, path, body)).Status.ShouldBeInRange(200, 204);

    private async Task<List<string>> Members(string group) =>
        [.. ((await directory.Scim("GET", $"/Groups/{group}")).Body!["members"] as JsonArray ?? []).Select(m => (string)m!["value"]!)];

    private static JsonObject Remove(string user) => Some.Patch("remove", $"members[value eq \"{user}\"]");

    private static List<string> Told(JsonNode report, string list) => [.. report[list]!.AsArray().Select(n => n!.ToJsonString())];
}

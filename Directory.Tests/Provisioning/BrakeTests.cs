using System.Text.Json.Nodes;
using Alba;
using Directory.Domain.Scim;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

public sealed class BrakeTests(ProvisioningFixture directory) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task under_parallel_deactivations_on_two_nodes_exactly_as_many_as_allowed_are_applied()
    {
        const int Allowed = 5, Sent = 8;
        var node = await directory.StartNode();
        var (connection, token) = await directory.Connect("Parallel", Brake(Allowed));
        var users = await directory.Users(token, "parallel", Sent);

        var answers = await Task.WhenAll(users.Select((user, i) => Deactivate(token, user, i % 2 == 0 ? node : directory.Host)));

        answers.Count(a => a.Status == 200).ShouldBe(Allowed, string.Join('\n', answers.Select(a => a.ToString())));
        answers.Count(a => a.Status == 503).ShouldBe(Sent - Allowed);
        answers.Where(a => a.Status == 503).ShouldAllBe(a => a.Header("Retry-After") == "300");
        (await Inactive(users)).ShouldBe(Allowed);
        (await directory.Scalar<long>("select count(*) from mt_events where type = 'user_deactivated' and stream_id = any($1)", users.Select(Guid.Parse).ToArray())).ShouldBe(Allowed);

        var shown = await directory.Administer("GET", $"/connections/{connection}");
        ((string)shown["state"]!, (bool)shown["pausedByBrake"]!, (int)shown["brake"]!["counted"]!).ShouldBe(("paused", true, Allowed));
        shown["warnings"]!.AsArray().ShouldContain(w => ((string)w!).Contains("more than 5 deactivations and deletions in 60 min", StringComparison.Ordinal));
        var pauses = (await directory.Audit("/entries?action=connection.pause&text=Parallel")).Body!["entries"]!.AsArray();
        ((string)pauses.ShouldHaveSingleItem()!["sentence"]!).ShouldBe(
            "Directory paused the connection Parallel: it sent more than 5 deactivations and deletions in 60 min");
        directory.Log.All.Count(l => l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains("The connection Parallel is paused until", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task once_braked_the_connection_waits_for_an_administrator_and_then_counts_anew()
    {
        var (connection, token) = await directory.Connect("Anew", Brake(2));
        var users = await directory.Users(token, "anew", 6);
        (await Deactivate(token, users[0])).Status.ShouldBe(200);
        (await directory.ScimBy(token, "DELETE", $"/Users/{users[1]}")).Status.ShouldBe(204);
        (await Deactivate(token, users[2])).Status.ShouldBe(503);

        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(503, "the whole connection is paused");
        await directory.Administer("POST", $"/connections/{connection}/resume", new JsonObject { ["reason"] = "they do leave" });

        (await Deactivate(token, users[2])).Status.ShouldBe(200);
        (await Deactivate(token, users[3])).Status.ShouldBe(200);
        (await Deactivate(token, users[4])).Status.ShouldBe(503);
        (await Inactive(users)).ShouldBe(3);
    }

    [Fact]
    public async Task deleted_groups_count_and_nothing_else_does()
    {
        var (_, token) = await directory.Connect("Groups", Brake(1));
        var users = await directory.Users(token, "grouped", 3);
        var groups = new List<string>();
        foreach (var name in (string[])["braked one", "braked two"])
            groups.Add((await directory.ScimBy(token, "POST", "/Groups", Some.Group(name, [.. users]))).Id);
        (await directory.ScimBy(token, "PATCH", $"/Groups/{groups[0]}", Some.Patch("remove", "members"))).Status.ShouldBe(204);
        (await directory.ScimBy(token, "PATCH", $"/Users/{users[0]}", Some.Patch("replace", "title", "x"))).Status.ShouldBe(200);

        (await directory.ScimBy(token, "DELETE", $"/Groups/{groups[0]}")).Status.ShouldBe(204);
        (await directory.ScimBy(token, "DELETE", $"/Groups/{groups[1]}")).Status.ShouldBe(503);
        (await directory.Scalar<long>("select count(*) from scim_group where id = any($1)", groups.Select(Guid.Parse).ToArray())).ShouldBe(1);
    }

    [Fact]
    public async Task deactivating_who_is_inactive_counts_for_nothing()
    {
        var (_, token) = await directory.Connect("Again", Brake(1));
        var users = await directory.Users(token, "again", 1);

        for (var i = 0; i < 3; i++) (await Deactivate(token, users[0])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task what_lies_further_back_than_the_window_counts_no_longer()
    {
        var (connection, token) = await directory.Connect("Window", Brake(2));
        var users = await directory.Users(token, "window", 5);
        (await Deactivate(token, users[0])).Status.ShouldBe(200);
        await Earlier(connection, "61 minutes");
        (await Deactivate(token, users[1])).Status.ShouldBe(200);
        await Earlier(connection, "59 minutes");

        (await Deactivate(token, users[2])).Status.ShouldBe(200);
        (await Deactivate(token, users[3])).Status.ShouldBe(503, "the second is 59 minutes ago");
        (await Inactive(users)).ShouldBe(3);
    }

    [Fact]
    public async Task operations_of_a_bulk_request_count_each()
    {
        var (_, token) = await directory.Connect("Bulk", Brake(3));
        var users = await directory.Users(token, "bulk", 6);
        (await Bulk(token, users.Take(2))).Status.ShouldBe(200);

        var answer = await Bulk(token, users.Skip(2));

        answer.Status.ShouldBe(503, answer.ToString());
        answer.Header("Retry-After").ShouldBe("300");
        (await Inactive(users)).ShouldBe(2);
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(503);
    }

    [Fact]
    public async Task an_administrator_sets_changes_and_switches_the_brake_off()
    {
        var (connection, token) = await directory.Connect("Set");
        var users = await directory.Users(token, "set", 4);
        (await directory.Administer("GET", $"/connections/{connection}"))["brake"].ShouldBeNull();
        var usual = await directory.Administer("PUT", $"/connections/{connection}/brake");
        ((int)usual["brake"]!["changes"]!, (int)usual["brake"]!["minutes"]!).ShouldBe((200, 60));
        await directory.Administer("PUT", $"/connections/{connection}/brake", new JsonObject { ["changes"] = 1, ["minutes"] = 1 });
        (await Deactivate(token, users[0])).Status.ShouldBe(200);
        (await Deactivate(token, users[1])).Status.ShouldBe(503);

        await directory.Administer("PUT", $"/connections/{connection}/brake", new JsonObject { ["enabled"] = false });
        await directory.Administer("POST", $"/connections/{connection}/resume");

        foreach (var user in users.Skip(1)) (await Deactivate(token, user)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task a_new_connection_has_the_usual_brake_and_the_first_one_has_none()
    {
        var created = await directory.Administer("POST", "/connections", new JsonObject { ["name"] = "Usual" });
        ((int)created["brake"]!["changes"]!, (int)created["brake"]!["minutes"]!).ShouldBe((200, 60));
        var connections = (await directory.Administer("GET", "/connections"))["connections"]!.AsArray();
        connections.Single(c => (string)c!["name"]! == "Okta")!["brake"].ShouldBeNull();
    }

    private Task<ScimAnswer> Deactivate(string token, string user, IAlbaHost? node = null) =>
        directory.ScimBy(token, "PATCH", $"/Users/{user}", ProvisioningFixture.Deactivation(), node);

    private Task<ScimAnswer> Bulk(string token, IEnumerable<string> users) => directory.ScimBy(token, "POST", "/Bulk", new JsonObject
    {
        ["schemas"] = new JsonArray(ScimUrns.BulkRequest),
        ["Operations"] = new JsonArray([.. users.Select(user => new JsonObject
        {
            ["method"] = "PATCH", ["path"] = $"/Users/{user}", ["data"] = ProvisioningFixture.Deactivation(),
        })]),
    });

    private Task<long> Inactive(IEnumerable<string> users) =>
        directory.Scalar<long>("select count(*) from scim_user where not active and id = any($1)", users.Select(Guid.Parse).ToArray());

    private async Task Earlier(string connection, string by)
    {
        await using var command = directory.Database.CreateCommand($"update brake_change set time = time - interval '{by}' where connection_id = '{connection}'");
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);
    }

    private static JsonObject Brake(int changes) => new() { ["changes"] = changes, ["minutes"] = 60 };
}

using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

public sealed class SwitchTests(ProvisioningFixture directory) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task switching_asks_for_a_confirmation_and_says_what_will_happen()
    {
        var answer = await directory.Admin("PUT", "/provisioning", new JsonObject { ["enabled"] = false });

        answer.Status.ShouldBe(400);
        answer.Header("Content-Type").ShouldBe("application/problem+json");
        ((string)answer.Body!["detail"]!).ShouldContain("404");
        ((string)answer.Body["detail"]!).ShouldContain("\"confirm\": true");
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task while_off_scim_answers_404_and_nothing_is_lost()
    {
        var user = await directory.Scim("POST", "/Users", Some.User("kept@example.com"));
        var group = await directory.Scim("POST", "/Groups", Some.Group("kept", user.Id));
        var before = (await directory.Scim("GET", $"/Users/{user.Id}")).Text;
        await Switch(false, "we move to another provider");

        foreach (var (method, path, body) in ((string, string, JsonNode?)[])[
            ("GET", "/Users", null), ("GET", $"/Users/{user.Id}", null), ("POST", "/Users", Some.User("late@example.com")), ("DELETE", $"/Groups/{group.Id}", null),
            ("GET", "/ServiceProviderConfig", null), ("POST", "/Bulk", new JsonObject())])
        {
            var answer = await directory.Scim(method, path, body);
            answer.Status.ShouldBe(404, $"{method} {path}: {answer}");
            answer.Header("Content-Type").ShouldBe("application/scim+json");
            ((string)answer.Body!["status"]!).ShouldBe("404");
            ((string)answer.Body["detail"]!).ShouldContain("switched off");
        }

        (await directory.Send("GET", "/api/scim/v2/Users")).Status.ShouldBe(401, "without a token nothing is told");
        var refused = (await directory.Audit("/requests?outcome=failure&status=404&method=POST")).Body!["requests"]!.AsArray();
        refused.ShouldContain(r => ((string)r!["detail"]!).Contains("switched off", StringComparison.Ordinal) && (string?)r["connection"] == "Okta");

        await Switch(true, "back again");
        (await directory.Scim("GET", $"/Users/{user.Id}")).Text.ShouldBe(before);
        (await directory.Scim("GET", $"/Groups/{group.Id}")).Body!["members"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task while_paused_scim_answers_503_and_when_to_come_back()
    {
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["paused"] = true, ["reason"] = "the database is moved" });

        var answer = await directory.Scim("POST", "/Users", Some.User("waiting@example.com"));

        answer.Status.ShouldBe(503);
        int.Parse(answer.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        ((string)answer.Body!["status"]!).ShouldBe("503");
        ((string)answer.Body["detail"]!).ShouldContain("the database is moved");
        (await directory.Administer("PUT", "/provisioning", new JsonObject { ["paused"] = false }))["pausedAt"].ShouldBeNull();
        (await directory.Scim("POST", "/Users", Some.User("waiting@example.com"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task one_connection_is_paused_and_the_others_go_on()
    {
        var (id, token) = await directory.Connect("Paused alone");
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);

        var paused = await directory.Administer("POST", $"/connections/{id}/pause", new JsonObject { ["reason"] = "odd requests" });

        ((string)paused["state"]!).ShouldBe("paused");
        var answer = await directory.ScimBy(token, "GET", "/Users");
        (answer.Status, answer.Header("Retry-After")).ShouldBe((503, "300"));
        ((string)answer.Body!["detail"]!).ShouldBe("The connection Paused alone is paused: odd requests. An administrator must resume it.");
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(200);
        await directory.Administer("POST", $"/connections/{id}/resume");
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task every_act_is_in_the_audit_with_the_administrator_who_did_it()
    {
        var (id, _) = await directory.Connect("Audited");
        await directory.Administer("PUT", $"/connections/{id}", new JsonObject { ["name"] = "Renamed" });
        await directory.Administer("PUT", $"/connections/{id}/brake", new JsonObject { ["changes"] = 10, ["minutes"] = 5 });
        await directory.Administer("DELETE", $"/connections/{id}");

        var entries = (await directory.Audit("/entries?targetType=provisioning&count=6")).Body!["entries"]!.AsArray();

        entries.Select(e => (string)e!["sentence"]!).ShouldBe(
        [
            "Admin removed the connection Renamed",
            $"Admin revoked the token of Audited ({Prefix(entries)}…): its connection was removed",
            "Admin set the brake of the connection Renamed to 10 deactivations and deletions in 5 min",
            "Admin renamed the connection Audited to Renamed",
            $"Admin issued a token for Audited ({Prefix(entries)}…)",
            "Admin set up the connection Audited",
        ]);
        entries.ShouldAllBe(e => (string)e!["actor"]!["kind"]! == "admin" && e["request"]!["path"] != null);
        var renamed = entries[3]!["changes"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)renamed["path"]!, (string)renamed["before"]!, (string)renamed["after"]!).ShouldBe(("name", "Audited", "Renamed"));
    }

    [Theory]
    [InlineData("PUT", "/provisioning", """{}""", "Say what is to change")]
    [InlineData("PUT", "/provisioning", """{"enable":true}""", "'enable' is unknown here")]
    [InlineData("PUT", "/provisioning", """{"enabled":"yes"}""", "'enabled' is unknown here or has the wrong type")]
    [InlineData("PUT", "/provisioning", """{"tokenDays":0}""", "'tokenDays' must be from 1")]
    [InlineData("PUT", "/provisioning", """{"silentHours":-1,"tokenDays":9999}""", "'silentHours' must be from 0")]
    [InlineData("PUT", "/provisioning", """{"paused":true,"reason":" "}""", "'reason' has 1 to 500")]
    [InlineData("PUT", "/provisioning", """[]""", "must be a JSON object")]
    [InlineData("POST", "/connections", """{}""", "'name' is missing")]
    [InlineData("POST", "/connections", """{"name":"x","brake":{"changes":0}}""", "'changes' must be from 1")]
    [InlineData("POST", "/connections", """{"name":"x","brake":{"enabled":false,"changes":5}}""", "takes no numbers")]
    [InlineData("POST", "/tokens", """{"kind":"root"}""", "'kind' must be one of scim, audit, admin")]
    [InlineData("POST", "/tokens", """{"kind":"scim"}""", "needs a 'connectionId'")]
    [InlineData("POST", "/tokens", """{"kind":"audit","expiresInDays":0}""", "'expiresInDays' must be from 1")]
    [InlineData("POST", "/tokens", """{"kind":"audit","expiresAt":"2001-01-01T00:00:00Z"}""", "must be in the future")]
    [InlineData("POST", "/tokens", """{"kind":"audit","expiresInDays":5,"expiresAt":"2030-01-01T00:00:00Z"}""", "Give either")]
    public async Task what_cannot_be_meant_is_refused_with_a_reason(string method, string path, string body, string reason)
    {
        var events = await directory.Scalar<long>("select count(*) from mt_events");

        var answer = await directory.Admin(method, path, JsonNode.Parse(body));

        answer.Status.ShouldBe(400, answer.ToString());
        ((string)answer.Body!["detail"]!).ShouldContain(reason);
        (await directory.Scalar<long>("select count(*) from mt_events")).ShouldBe(events);
    }

    [Fact]
    public async Task what_is_unknown_is_404_and_a_taken_name_409()
    {
        var unknown = Guid.NewGuid();
        foreach (var (method, path) in ((string, string)[])[
            ("GET", $"/connections/{unknown}"), ("DELETE", $"/connections/{unknown}"), ("POST", $"/connections/{unknown}/pause"),
            ("POST", $"/connections/{unknown}/resume"), ("PUT", $"/connections/{unknown}/brake"), ("DELETE", $"/tokens/{unknown}"), ("DELETE", "/tokens/none")])
            (await directory.Admin(method, path)).Status.ShouldBe(404, $"{method} {path}");
        (await directory.Admin("POST", "/connections", new JsonObject { ["name"] = "okta" })).Status.ShouldBe(409);
    }

    [Fact]
    public async Task only_an_administrators_token_administers_and_it_does_nothing_else()
    {
        var id = Guid.NewGuid();
        foreach (var (method, path) in ((string, string)[])[
            ("GET", "/provisioning"), ("PUT", "/provisioning"), ("GET", "/connections"), ("POST", "/connections"), ("GET", $"/connections/{id}"),
            ("PUT", $"/connections/{id}"), ("DELETE", $"/connections/{id}"), ("POST", $"/connections/{id}/pause"), ("POST", $"/connections/{id}/resume"),
            ("PUT", $"/connections/{id}/brake"), ("GET", "/tokens"), ("POST", "/tokens"), ("DELETE", $"/tokens/{id}")])
        {
            foreach (var token in (string[])[directory.ScimToken, directory.AuditToken])
                (await directory.Send(method, "/api/admin" + path, "{}", ("Authorization", $"Bearer {token}"))).Status.ShouldBe(403, $"{method} {path}");
            (await directory.Send(method, "/api/admin" + path, "{}")).Status.ShouldBe(401, $"{method} {path}");
        }

        (await directory.ScimBy(directory.AdminToken, "GET", "/Users")).Status.ShouldBe(403);
        (await directory.ScimBy(directory.AdminToken, "GET", "/ServiceProviderConfig")).Status.ShouldBe(403);
        (await directory.ScimBy(directory.AdminToken, "POST", "/Users", Some.User("no@example.com"))).Status.ShouldBe(403);
        (await directory.Send("GET", "/api/audit/entries", null, ("Authorization", $"Bearer {directory.AdminToken}"))).Status.ShouldBe(403);
        (await directory.ScimBy(directory.AuditToken, "GET", "/Users")).Status.ShouldBe(403);
    }

    private Task<JsonNode> Switch(bool on, string reason) =>
        directory.Administer("PUT", "/provisioning", new JsonObject { ["enabled"] = on, ["confirm"] = true, ["reason"] = reason });

    private static string Prefix(JsonArray entries) => ((string)entries[4]!["target"]!["name"]!)["Audited (".Length..^2];
}

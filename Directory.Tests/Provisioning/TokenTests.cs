using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Directory.Api.Admin.Provisioning;
using Directory.Projections.Provisioning;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

public sealed class TokenTests(ProvisioningFixture directory) : IClassFixture<ProvisioningFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TokenStore Tokens => directory.Services.GetRequiredService<TokenStore>();

    [Fact]
    public async Task two_tokens_of_a_connection_overlap_until_one_is_revoked()
    {
        var (connection, old) = await directory.Connect("Rotation");
        var successor = (string)(await directory.IssueScim(connection))["value"]!;

        (await directory.ScimBy(old, "GET", "/Users")).Status.ShouldBe(200);
        (await directory.ScimBy(successor, "GET", "/Users")).Status.ShouldBe(200);
        (await directory.Admin("DELETE", $"/tokens/{await Id(old)}?reason=rotated")).Status.ShouldBe(204);

        var refused = await Refused(old);
        ((string)refused.Body!["detail"]!).ShouldContain("was revoked at");
        (await directory.ScimBy(successor, "GET", "/Users")).Status.ShouldBe(200);
        (await directory.Admin("DELETE", $"/tokens/{await Id(old)}")).Status.ShouldBe(204, "revoking again changes nothing");
    }

    [Fact]
    public async Task a_revoked_token_is_refused_on_another_node_as_soon_as_the_node_has_heard()
    {
        var node = await directory.StartNode();
        var (_, token) = await directory.Connect("Two nodes");
        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(200);
        var ear = await ProvisioningFixture.Ear.Of(node);

        (await directory.Admin("DELETE", $"/tokens/{await Id(token)}")).Status.ShouldBe(204);
        await directory.HasHeard(ear);

        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task a_switch_and_a_pause_hold_on_another_node_as_soon_as_the_node_has_heard()
    {
        var node = await directory.StartNode();
        var (connection, token) = await directory.Connect("Paused elsewhere");
        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(200);
        var ear = await ProvisioningFixture.Ear.Of(node);

        await directory.Administer("POST", $"/connections/{connection}/pause");
        await directory.HasHeard(ear);

        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(503);
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["enabled"] = false, ["confirm"] = true });
        await directory.HasHeard(ear);
        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(404);
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["enabled"] = true, ["confirm"] = true });
        await directory.Administer("POST", $"/connections/{connection}/resume");
        await directory.HasHeard(ear);
        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task a_node_whose_connection_is_cut_hears_again()
    {
        var node = await directory.StartNode();
        var (connection, token) = await directory.Connect("Cut off");
        var ear = await ProvisioningFixture.Ear.Of(node);
        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(200);
        (await directory.Column<bool>("select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen directory_provisioning' and datname = current_database()"))
            .ShouldContain(true);
        await ear.Until("");

        await directory.Administer("POST", $"/connections/{connection}/pause");

        await directory.HasHeard(ear);
        (await directory.ScimBy(token, "GET", "/Users", node: node)).Status.ShouldBe(503);
    }

    [Fact]
    public async Task what_a_node_does_not_hear_it_knows_two_seconds_later()
    {
        var (_, token) = await directory.Connect("Deaf");
        var clock = new SetClock(DateTimeOffset.UtcNow);
        var deaf = new TokenStore(directory.Database, clock);
        (await deaf.Find(token, Cancellation)).Refusal.ShouldBe(TokenRefusal.None);

        (await directory.Admin("DELETE", $"/tokens/{await Id(token)}")).Status.ShouldBe(204);

        clock.Now += TimeSpan.FromSeconds(2);
        (await deaf.Find(token, Cancellation)).Refusal.ShouldBe(TokenRefusal.None);
        clock.Now += TimeSpan.FromMilliseconds(1);
        (await deaf.Find(token, Cancellation)).Refusal.ShouldBe(TokenRefusal.Revoked);
    }

    [Fact]
    public async Task a_token_expires_at_the_moment_that_was_set_without_being_looked_up_again()
    {
        var (connection, _) = await directory.Connect("Expiring");
        var end = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var issued = await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "scim", ["connectionId"] = connection, ["expiresAt"] = "2030-01-01T00:00:00Z" });
        var clock = new SetClock(end.AddMilliseconds(-1));
        var tokens = new TokenStore(directory.Database, clock);

        (await tokens.Find((string)issued["value"]!, Cancellation)).Refusal.ShouldBe(TokenRefusal.None);
        clock.Now = end;
        (await tokens.Find((string)issued["value"]!, Cancellation)).Refusal.ShouldBe(TokenRefusal.Expired);
    }

    [Fact]
    public async Task each_refusal_has_its_own_reason_in_the_answer_and_in_the_request_log()
    {
        var (connection, token) = await directory.Connect("Reasons");
        await Change(token, "expires_at = now() - interval '1 hour'");
        var later = await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "scim", ["connectionId"] = connection, ["notBefore"] = DateTimeOffset.UtcNow.AddDays(3).ToString("O") });
        ((string)later["token"]!["state"]!).ShouldBe("notYetValid");

        ((string)(await Refused(token)).Body!["detail"]!).ShouldContain("expired at");
        ((string)(await Refused((string)later["value"]!)).Body!["detail"]!).ShouldContain("is not valid before");
        ((string)(await Refused(Directory.Domain.Provisioning.BearerToken.New("scim"))).Body!["detail"]!).ShouldContain("is unknown");

        var logged = (await directory.Audit("/requests?status=401&count=1000")).Body!["requests"]!.AsArray();
        foreach (var reason in (string[])["expired at", "is not valid before"])
            ((string)logged.First(r => ((string)r!["detail"]!).Contains(reason, StringComparison.Ordinal))!["connection"]!).ShouldBe("Reasons");
        ((string)(await directory.Administer("GET", $"/connections/{connection}"))["lastError"]!["detail"]!).ShouldContain("is not valid before");
    }

    [Fact]
    public async Task a_token_lasts_as_long_as_is_set_for_the_directory_unless_its_issue_says_otherwise()
    {
        var usual = await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "audit", ["name"] = "a year" });
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["tokenDays"] = 10 });
        var shorter = await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "audit", ["name"] = "ten days" });
        var own = await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "audit", ["name"] = "a day", ["expiresInDays"] = 1 });
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["tokenDays"] = 365 });

        (await Lifetime(usual)).ShouldBe(365, 0.01);
        (await Lifetime(shorter)).ShouldBe(10, 0.01);
        (await Lifetime(own)).ShouldBe(1, 0.01);
        usual["token"]!["warning"].ShouldBeNull();
        ((string)shorter["token"]!["state"]!).ShouldBe("expiring");
        ((string)shorter["token"]!["warning"]!).ShouldContain("expires in");
    }

    [Fact]
    public async Task an_expiry_is_measured_and_warned_of_once_a_day()
    {
        var issued = await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "admin", ["name"] = "nearly over", ["expiresInDays"] = 3 });
        var prefix = (string)issued["token"]!["prefix"]!;
        var expiry = directory.Services.GetRequiredService<TokenExpiryService>();
        var days = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "directory.token.expiry_days") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag is { Key: "token", Value: string text } && text == prefix) days.Add(value);
        });
        listener.Start();

        await expiry.Look(Cancellation);
        await expiry.Look(Cancellation);
        listener.RecordObservableInstruments();

        days.ShouldHaveSingleItem().ShouldBe(3, 0.01);
        directory.Log.All.Count(line => line.Contains(prefix, StringComparison.Ordinal) && line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task when_a_token_was_last_used_is_written_at_most_once_a_minute()
    {
        var (_, token) = await directory.Connect("Used");
        var id = await Id(token);
        (await LastUsed(id)).ShouldBeNull();
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);
        var first = await LastUsed(id);
        first.ShouldNotBeNull();

        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);
        (await LastUsed(id)).ShouldBe(first);
    }

    [Fact]
    public async Task the_value_of_a_token_is_shown_once_and_is_nowhere_afterwards()
    {
        var (connection, token) = await directory.Connect("Secret");
        var admin = (string)(await directory.Administer("POST", "/tokens", new JsonObject { ["kind"] = "admin" }))["value"]!;
        (await directory.ScimBy(token, "POST", "/Users", Some.User("secret@example.com"))).Status.ShouldBe(201);
        (await directory.Send("GET", "/api/admin/tokens", null, ("Authorization", $"Bearer {admin}"))).Status.ShouldBe(200);
        (await directory.Send("GET", $"/api/audit/entries?token={token}", null, ("Authorization", $"Bearer {directory.AuditToken}"))).Status.ShouldBe(200);
        (await directory.Admin("DELETE", $"/tokens/{await Id(token)}")).Status.ShouldBe(204);
        await Refused(token);

        foreach (var path in (string[])["/tokens", "/provisioning", "/connections", $"/connections/{connection}"])
        {
            var shown = await directory.Admin("GET", path);
            (shown.Text.Contains(token, StringComparison.Ordinal) || shown.Text.Contains(admin, StringComparison.Ordinal)).ShouldBeFalse(path);
        }

        await Secrets.ShouldBeNowhere(directory, token, admin, directory.AdminToken, directory.ScimToken, directory.AuditToken);
    }

    [Fact]
    public async Task an_answer_with_a_token_is_not_to_be_kept() =>
        (await directory.Admin("POST", "/tokens", new JsonObject { ["kind"] = "audit" })).Header("Cache-Control").ShouldBe("no-store");

    [Fact]
    public async Task many_failed_authentications_are_told_in_the_log_once()
    {
        for (var i = 0; i < 40; i++) (await directory.ScimBy("not-a-token-of-ours", "GET", "/Users")).Status.ShouldBe(401);

        directory.Log.All.Count(line => line.Contains("had no valid token", StringComparison.Ordinal)).ShouldBeInRange(1, 2);
    }

    private async Task<ScimAnswer> Refused(string token)
    {
        var answer = await directory.ScimBy(token, "GET", "/Users");
        answer.Status.ShouldBe(401, answer.ToString());
        answer.Header("WWW-Authenticate").ShouldBe("Bearer realm=\"directory\", error=\"invalid_token\"");
        return answer;
    }

    private Task<Guid> Id(string token) =>
        directory.Scalar<Guid>("select id from credential where hash = $1", Directory.Domain.Provisioning.BearerToken.Hash(token));

    private async Task Change(string token, string set)
    {
        await using var command = directory.Database.CreateCommand($"update credential set {set} where id = '{await Id(token)}'");
        await command.ExecuteNonQueryAsync(Cancellation);
        Tokens.Forget();
    }

    private async Task<string?> LastUsed(Guid id) =>
        (string?)(await directory.Administer("GET", "/tokens"))["tokens"]!.AsArray().Single(t => (string)t!["id"]! == id.ToString())!["lastUsedAt"];

    private async Task<double> Lifetime(JsonNode issued) => await directory.Scalar<double>(
        "select (extract(epoch from expires_at - created_at) / 86400)::float8 from credential where id = $1", Guid.Parse((string)issued["token"]!["id"]!));

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

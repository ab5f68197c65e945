using System.Text.Json.Nodes;
using Directory.Api.Requests;
using Directory.Tests.Api;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

public sealed class ConnectionHealthTests(ProvisioningFixture directory) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task a_connection_is_untested_until_an_identity_provider_tries_it_out()
    {
        var (id, token) = await directory.Connect("Tried out");
        var before = await Show(id);
        ((string)before["state"]!, before["lastTest"], before["lastRequest"]).ShouldBe(("untested", null, null));

        (await directory.ScimBy(token, "GET", "/Users?startIndex=1&count=2")).Status.ShouldBe(200);

        var okta = await Show(id);
        ((string)okta["state"]!).ShouldBe("working");
        ((string)okta["lastTest"]!["client"]!, (int)okta["lastTest"]!["status"]!).ShouldBe(("okta", 200));
        okta["lastTest"]!["at"]!.ToString().ShouldBe(okta["lastRequest"]!["at"]!.ToString());

        (await directory.ScimBy(token, "GET", $"/Users?filter=userName+eq+%22{Guid.NewGuid()}%22")).Status.ShouldBe(200);
        ((string)(await Show(id))["lastTest"]!["client"]!).ShouldBe("entra");
        (await directory.ScimBy(token, "GET", "/Users?count=10")).Status.ShouldBe(200);
        ((string)(await Show(id))["lastTest"]!["client"]!).ShouldBe("entra", "an ordinary request is no test");
    }

    [Fact]
    public async Task requests_are_counted_by_day_and_the_last_error_is_told_with_its_detail()
    {
        var (id, token) = await directory.Connect("Counted");
        for (var i = 0; i < 3; i++) (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);
        (await directory.ScimBy(token, "POST", "/Users", Some.User("counted@example.com"))).Status.ShouldBe(201);
        var refused = await directory.ScimBy(token, "POST", "/Users", Some.User("counted@example.com"));

        var shown = await Show(id);

        var day = shown["requestsPerDay"]!.AsArray().ShouldHaveSingleItem()!;
        ((long)day["requests"]!, (long)day["refused"]!).ShouldBe((5, 1));
        ((int)shown["lastRequest"]!["status"]!).ShouldBe(409);
        ((string)shown["state"]!).ShouldBe("working", "a refusal that an identity provider can work with is no failure");
        ((string)shown["lastError"]!["scimType"]!, (string)shown["lastError"]!["detail"]!).ShouldBe(("uniqueness", (string)refused.Body!["detail"]!));
    }

    [Fact]
    public async Task a_connection_that_is_not_let_in_fails_and_one_without_a_valid_token_says_so()
    {
        var (id, token) = await directory.Connect("Not let in");
        var tokenId = (string)(await Show(id))["tokens"]![0]!["id"]!;
        (await directory.Admin("DELETE", $"/tokens/{tokenId}")).Status.ShouldBe(204);

        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(401);

        var shown = await Show(id);
        ((string)shown["state"]!).ShouldBe("failing");
        shown["warnings"]!.AsArray().Select(w => (string)w!).ShouldBe(
            ["Its last request was answered 401.", "It has no valid token, so its client cannot sign in."]);
        shown["tokens"]![0]!["lastUsedAt"].ShouldBeNull("a token that is refused has not been used");
    }

    [Fact]
    public async Task a_connection_that_sends_nothing_for_as_long_as_is_set_is_silent()
    {
        var (id, token) = await directory.Connect("Silent");
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);
        ((string)(await Show(id))["state"]!).ShouldBe("working");
        await Earlier(id, "23 hours");
        ((string)(await Show(id))["state"]!).ShouldBe("working");
        await Earlier(id, "2 hours");

        var silent = await Show(id);

        ((string)silent["state"]!).ShouldBe("silent");
        silent["warnings"]!.AsArray().Select(w => (string)w!).ShouldBe(["It has sent nothing for more than 24 hours."]);
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["silentHours"] = 0 });
        ((string)(await Show(id))["state"]!).ShouldBe("working");
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["silentHours"] = 24 });
    }

    [Fact]
    public async Task what_an_identity_provider_asks_for_is_there_to_copy()
    {
        var form = (await directory.Administer("GET", "/provisioning"))["scim"]!;

        ((string)form["baseUrl"]!).ShouldEndWith("/api/scim/v2");
        ((string)form["uniqueIdentifierField"]!).ShouldBe("userName");
        form["provisioningActions"]!.AsArray().Select(a => (string)a!).ShouldBe(["Push New Users", "Push Profile Updates", "Push Groups"]);
        ((string)form["authenticationMode"]!).ShouldBe("HTTP Header");
    }

    [Theory]
    [InlineData("/Users?startIndex=1&count=2", "okta")]
    [InlineData("/Users?count=2&startIndex=1", "okta")]
    [InlineData("/Users?startIndex=1&count=100", null)]
    [InlineData("/Users?filter=userName%20eq%20%2219c7c0a5-5e0b-4a53-9a3c-0d6b7d5b5f11%22", "entra")]
    [InlineData("/Users?filter=externalId+eq+%2219c7c0a5-5e0b-4a53-9a3c-0d6b7d5b5f11%22&startIndex=1", "entra")]
    [InlineData("/Users?filter=userName+eq+%22ada@example.com%22", null)]
    [InlineData("/Groups?startIndex=1&count=2", null)]
    [InlineData("/Users", null)]
    public void the_tests_of_identity_providers_are_told_from_other_requests(string path, string? client)
    {
        var parts = path.Split('?');
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Path) = ("GET", "/api/scim/v2" + parts[0]);
        if (parts.Length > 1) request.QueryString = new QueryString("?" + parts[1]);

        ConnectionTestRequest.ClientOf(request).ShouldBe(client);
    }

    private Task<JsonNode> Show(string id) => directory.Administer("GET", $"/connections/{id}");

    private async Task Earlier(string id, string by)
    {
        await using var command = directory.Database.CreateCommand($"update connection_activity set last_request_at = last_request_at - interval '{by}' where connection_id = '{id}'");
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }
}

using System.Text.Json.Nodes;
using Directory.Api.Hosting;
using Directory.Domain.Provisioning;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

/// <summary>The service on a configured database, with an administrator's token and no SCIM token.</summary>
public sealed class UnconnectedFixture(TestDatabase databases) : ProvisioningFixture(databases)
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Directory:Bootstrap:ScimToken"] = "" };
}

public sealed class ConfiguredDatabaseTests(UnconnectedFixture directory) : IClassFixture<UnconnectedFixture>
{
    [Fact]
    public async Task provisioning_waits_for_an_administrator_and_no_scim_token_is_made_up()
    {
        var first = await directory.Administer("GET", "/provisioning");
        ((bool)first["enabled"]!).ShouldBeFalse();
        first["switchedAt"].ShouldBeNull();
        first["connections"]!.AsArray().ShouldBeEmpty();
        first["tokens"]!.AsArray().Select(t => (string)t!["kind"]!).ShouldBe(["audit", "admin"], ignoreOrder: true);
        ((string)first["consequence"]!).ShouldStartWith("Switching provisioning on");

        var (_, token) = await directory.Connect("Okta");
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(404);
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["enabled"] = true, ["confirm"] = true });
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);

        await directory.StartNode();
        ((bool)(await directory.Administer("GET", "/provisioning"))["enabled"]!).ShouldBeTrue();
        (await directory.Administer("GET", "/tokens"))["tokens"]!.AsArray().Count.ShouldBe(3, "a restart makes no tokens");
    }
}

public sealed class OwnDatabaseTests(UnconnectedFixture directory) : IClassFixture<UnconnectedFixture>
{
    [Fact]
    public async Task provisioning_is_switched_on_by_an_event_and_what_an_administrator_does_afterwards_stands()
    {
        var told = await Start();
        var token = told.Split("SCIM token   ")[1].Split('\n')[0].Trim();
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(200);
        var shown = await directory.Administer("GET", "/provisioning");
        ((string)shown["switchReason"]!).ShouldBe("on the first start, with the service's own database");
        var entries = (await directory.Audit("/entries?action=enable")).Body!["entries"]!.AsArray();
        ((string)entries.ShouldHaveSingleItem()!["actor"]!["kind"]!).ShouldBe("system");

        (await Start()).ShouldBeEmpty("a second start has nothing to tell");
        var id = (string)shown["connections"]![0]!["tokens"]![0]!["id"]!;
        (await directory.Admin("DELETE", $"/tokens/{id}")).Status.ShouldBe(204);
        await directory.Administer("PUT", "/provisioning", new JsonObject { ["enabled"] = false, ["confirm"] = true });

        (await Start()).ShouldBeEmpty();
        ((bool)(await directory.Administer("GET", "/provisioning"))["enabled"]!).ShouldBeFalse();
        (await directory.ScimBy(token, "GET", "/Users")).Status.ShouldBe(401);
        await Secrets.ShouldBeNowhere(directory, token);
    }

    /// <summary>What a start with a private database tells on the console.</summary>
    private async Task<string> Start()
    {
        using var console = new StringWriter();
        await directory.Services.GetRequiredService<Bootstrap>().Run(hasOwnDatabase: true, console, TestContext.Current.CancellationToken);
        return console.ToString();
    }
}

public sealed class ConfiguredTokenTests(ProvisioningFixture directory) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task a_configured_token_switches_provisioning_on_and_stays_revoked_across_a_restart()
    {
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(200);
        var shown = await directory.Administer("GET", "/provisioning");
        ((string)shown["switchReason"]!).ShouldBe("on the first start, with the configured SCIM token");
        (await directory.Admin("DELETE", $"/tokens/{(string)shown["connections"]![0]!["tokens"]![0]!["id"]!}")).Status.ShouldBe(204);
        var events = await Events();

        var node = await directory.StartNode();

        (await directory.ScimBy(directory.ScimToken, "GET", "/Users", node: node)).Status.ShouldBe(401);
        (await Events()).ShouldBe(events);
    }

    [Fact]
    public async Task the_configured_token_of_an_administrator_counts_while_there_is_no_valid_one()
    {
        await directory.StartNode();

        (await directory.Scalar<long>("select count(*) from credential where role = $1", TokenRole.Admin)).ShouldBe(1);
        (await directory.Audit("/entries?action=token.issue&text=Admin")).Body!["entries"]!.AsArray().Count.ShouldBe(1);
    }

    private Task<long> Events() => directory.Scalar<long>("select count(*) from mt_events where type <> 'tombstone'");
}

public sealed class BootstrapSettingTests
{
    [Theory]
    [InlineData("directory_scim_0123456789abcdefghijABCDEFGHIJ000000")]
    [InlineData("directory_admin_short")]
    public void a_configured_token_that_would_be_refused_keeps_the_service_from_starting(string token)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Directory:Bootstrap:ScimToken"] = token }).Build();

        Should.Throw<SettingException>(() => DirectorySettings.Read(configuration)).Message.ShouldContain("checksum");
    }
}

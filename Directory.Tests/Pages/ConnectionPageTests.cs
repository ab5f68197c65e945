using Directory.Tests.Api;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>The forms of a connection's page and of the provisioning page.</summary>
[Collection<Administered>]
public sealed class ConnectionPageTests(AdministeredDirectory directory)
{
    private const string Provisioning = "/administration/authentication/provisioning";

    [Fact]
    public async Task The_brake_is_set_pauses_at_a_mass_change_and_is_released_by_an_administrator()
    {
        var (connection, token) = await directory.Connect("Braked");
        var users = new List<string>();
        for (var i = 0; i < 4; i++) users.Add((await directory.ScimBy(token, "POST", "/Users", Some.User($"braked-{i}@example.com"))).Id);
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo($"/administration/connections/{connection}");
        await Expect(page.GetByText("There is no brake")).ToBeVisibleAsync();

        await SetBrake(page, "2", "20000");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("minutes");
        await SetBrake(page, "2", "60");
        await Expect(page.GetByText("The brake is set.")).ToBeVisibleAsync();
        await Expect(page.GetByText("More than 2 deactivations or deletions within 60 minutes pause this connection")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Changes", new() { Exact = true })).ToHaveValueAsync("2");

        (await Deactivate(token, users[0])).Status.ShouldBe(200);
        (await Deactivate(token, users[1])).Status.ShouldBe(200);
        (await Deactivate(token, users[2])).Status.ShouldBe(503);
        await visit.GoTo($"/administration/connections/{connection}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Paused");
        await Expect(page.Locator(".facts").First).ToContainTextAsync("by its brake: it sent more than 2 deactivations and deletions in 60 min");
        await visit.ShouldBeAccessible();

        await page.GetByRole(AriaRole.Link, new() { Name = "Resume…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("the count of its brake starts anew");
        await page.GetByLabel("Reason, for the audit").FillAsync("they do leave");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Requests are taken again.")).ToBeVisibleAsync();
        (await Deactivate(token, users[2])).Status.ShouldBe(200);
        (await directory.Scalar<string>("select actor_name || ': ' || sentence from audit_entry where action = 'connection.resume' and sentence like '%Braked%'"))
            .ShouldBe("admin: admin resumed the connection Braked: they do leave");

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Pause at mass changes" }).UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set brake" }).ClickAsync();
        await Expect(page.GetByText("There is no brake")).ToBeVisibleAsync();
        (await Deactivate(token, users[3])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_connection_gets_another_name_that_nobody_has()
    {
        var (connection, _) = await directory.Connect("Old name");
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo($"/administration/connections/{connection}");

        await Rename("Okta");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Okta");
        (await directory.Scalar<string>("select name from connection where id = $1", Guid.Parse(connection))).ShouldBe("Old name");
        await Rename("New & <b>name</b>");
        await Expect(page.GetByText("The connection has its new name.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("New & <b>name</b>");
        (await directory.Scalar<string>("select name from connection where id = $1", Guid.Parse(connection))).ShouldBe("New & <b>name</b>");

        async Task Rename(string name)
        {
            await page.Locator("#rename-NewName").FillAsync(name);
            await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        }
    }

    [Fact]
    public async Task The_settings_are_saved_and_hold_for_the_next_token()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo(Provisioning);
        var days = page.GetByLabel("Days a new token is valid");
        var before = await days.InputValueAsync();

        await days.FillAsync("4000");
        await Save(validate: false);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("3650");
        await days.FillAsync("45");
        await page.GetByLabel("Hours until silence is a warning").FillAsync("12");
        await Save();
        await Expect(page.GetByText("The settings are saved.")).ToBeVisibleAsync();
        await Expect(days).ToHaveValueAsync("45");
        await Expect(page.GetByLabel("Hours until silence is a warning")).ToHaveValueAsync("12");

        var (connection, _) = await directory.Connect("Short-lived");
        await visit.GoTo($"/administration/connections/{connection}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue token" }).ClickAsync();
        await Expect(page.GetByLabel("Token", new() { Exact = true })).ToBeVisibleAsync();
        (await directory.Column<int>(
            "select round(extract(epoch from expires_at - created_at) / 86400)::int from credential where connection_id = $1", Guid.Parse(connection)))
            .ShouldBe([45, 45]);

        await visit.GoTo(Provisioning);
        await days.FillAsync(before);
        await page.GetByLabel("Hours until silence is a warning").FillAsync("24");
        await Save();
        await Expect(page.GetByText("The settings are saved.")).ToBeVisibleAsync();

        async Task Save(bool validate = true)
        {
            var button = page.GetByRole(AriaRole.Button, new() { Name = "Save" });
            if (!validate) await button.EvaluateAsync("b => b.form.noValidate = true");
            await button.ClickAsync();
        }
    }

    [Fact]
    public async Task What_a_connection_manages_is_released_by_a_job_that_its_page_begins()
    {
        var (connection, token) = await directory.Connect("Retired");
        var user = (await directory.ScimBy(token, "POST", "/Users", Some.User("retired@example.com"))).Id;
        (await directory.ScimBy(token, "POST", "/Groups", Some.Group("Retired ones", user))).Status.ShouldBe(201);
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/administration/connections/{connection}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Release what it manages…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("local then");
        await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Done");
        await Expect(page.Locator("main")).ToContainTextAsync("\"usersReleased\": 1");
        await Expect(page.Locator("main")).ToContainTextAsync("\"groupsReleased\": 1");
        (await directory.Scalar<bool>("select managed_by is null from scim_user where id = $1", Guid.Parse(user))).ShouldBeTrue();
    }

    private Task<ScimAnswer> Deactivate(string token, string user) =>
        directory.ScimBy(token, "PATCH", $"/Users/{user}", Some.Patch("replace", "active", false));

    private static async Task SetBrake(IPage page, string changes, string minutes)
    {
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Pause at mass changes" }).CheckAsync();
        await page.GetByLabel("Changes", new() { Exact = true }).FillAsync(changes);
        await page.GetByLabel("Minutes", new() { Exact = true }).FillAsync(minutes);
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Set brake" });
        await button.EvaluateAsync("b => b.form.noValidate = true");
        await button.ClickAsync();
    }
}

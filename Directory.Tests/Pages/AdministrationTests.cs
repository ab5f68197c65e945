using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

/// <summary>An administrator sets provisioning up, in a real browser and from the first sign-in on.</summary>
public sealed class AdministrationTests(AdministrationTests.NewDirectory directory) : IClassFixture<AdministrationTests.NewDirectory>
{
    private const string Provisioning = "/administration/authentication/provisioning";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_switch_asks_says_what_will_happen_and_moves(bool script)
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: script));
        var page = visit.Page;
        await visit.GoTo(Provisioning);
        if (script) await visit.ShouldBeAccessible();

        await page.GetByRole(AriaRole.Link, new() { Name = "On – switch off…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("What was provisioned stays as it is").WaitForAsync();
        if (script) await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "On – switch off…" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit").FillAsync($"a try {script}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();

        await page.GetByText("Provisioning is off.").WaitForAsync();
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(404);
        await page.GetByRole(AriaRole.Link, new() { Name = "Off – switch on…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await page.GetByText("Provisioning is on.").WaitForAsync();
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(200);
        (await directory.Column<string>("select actor_name || ': ' || sentence from audit_entry where action = 'disable' order by seq desc limit 1"))
            .Single().ShouldContain($"a try {script}");
    }

    [Fact]
    public async Task Pausing_tells_the_identity_provider_to_come_back()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo("/administration/authentication/provisioning?confirm=pause");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await page.GetByText("Your identity provider is told to try again later.").WaitForAsync();

        var paused = await directory.Scim("POST", "/Users", Some.User("while-paused@example.com"));
        await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Link, new() { Name = "Resume…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        await page.GetByText("Requests are taken again.").First.WaitForAsync();

        paused.Status.ShouldBe(503);
        paused.Header("Retry-After").ShouldNotBeNull();
        (await directory.Scim("POST", "/Users", Some.User("while-paused@example.com"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_new_connection_gets_a_token_that_is_shown_once_provisions_a_user_and_is_refused_when_revoked()
    {
        const string markup = "<img src=x onerror=alert(1)> & \"Okta\" {{7*7}}";
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo(Provisioning);
        await page.GetByLabel("New connection").FillAsync(markup);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();
        await page.GetByText("The connection is set up.").WaitForAsync();
        (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).TextContentAsync())!.ShouldContain(markup);
        (await page.Locator("img").CountAsync()).ShouldBe(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Issue token" }).ClickAsync();
        var token = await page.GetByLabel("Token", new() { Exact = true }).InputValueAsync();
        await visit.ShouldBeAccessible();
        var created = await directory.Send(
            "POST", "/api/scim/v2/Users", Some.User("by-a-new-token@example.com").ToJsonString(), ("Authorization", token));
        var connection = new Uri(page.Url).AbsolutePath;
        await visit.GoTo(connection);

        created.Status.ShouldBe(201);
        (await page.ContentAsync()).ShouldNotContain(token);
        await page.GetByText("answered 201").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Revoke…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await page.GetByText("The token is revoked.").WaitForAsync();
        (await directory.Send("GET", "/api/scim/v2/Users", null, ("Authorization", token))).Status.ShouldBe(401);
        (await directory.Scalar<bool>("select exists (select from mt_events where data::text like '%' || $1 || '%')", token)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_refused_is_said_on_the_page()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        await visit.GoTo(Provisioning);
        await visit.Page.GetByLabel("New connection").FillAsync("Okta");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();

        (await visit.Page.GetByRole(AriaRole.Alert).TextContentAsync())!.ShouldContain("Okta");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_pages_of_a_connection_are_accessible(bool dark, bool phone)
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Dark: dark, Phone: phone));
        var connection = await directory.Scalar<Guid>("select connection_id from credential where connection_id is not null order by created_at limit 1");

        foreach (var path in new[] { Provisioning, $"/administration/connections/{connection}", $"/administration/connections/{connection}?confirm=remove" })
        {
            await visit.GoTo(path);
            await visit.ShouldBeAccessible();
            (await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, path);
        }
    }

    [Fact]
    public async Task Everything_can_be_reached_by_keyboard()
    {
        await using var visit = await directory.Browse();
        var page = visit.Page;
        await visit.GoTo("/sign-in");
        await page.GetByLabel("Name").FocusAsync();
        await page.Keyboard.TypeAsync("admin");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(DirectoryFixture.AdminPassword);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/");

        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("Skip to content");
        await page.Keyboard.PressAsync("Enter");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("main");

        await visit.GoTo("/administration/authentication/provisioning?confirm=pause");
        await page.Locator("dialog:modal").WaitForAsync(); // the script makes it so, and has Escape lead back
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("Cancel");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForURLAsync($"**{Provisioning}");
    }

    [Fact]
    public async Task An_auditor_sees_no_administration()
    {
        var id = Guid.NewGuid();
        var hash = new Microsoft.AspNetCore.Identity.PasswordHasher<string>().HashPassword("auditor", DirectoryFixture.AdminPassword);
        await directory.Scalar<int>("""
            with made as (insert into administrator (id, tenant_id, name, password_hash, must_change_password, created_at, role)
                values ($1, 'default', 'auditor', $2, false, now(), 'auditor')) select 1
            """, id, hash);
        await using var visit = await directory.Browse();
        await visit.SignIn("auditor", DirectoryFixture.AdminPassword);

        (await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Provisioning" }).CountAsync()).ShouldBe(0);
        await visit.GoTo(Provisioning);
        (await visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).TextContentAsync())!.Trim().ShouldBe("Not allowed");
    }

    public sealed class NewDirectory(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium);
}

using System.Text;
using Directory.Tests.Api;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>Everything can be done in a browser that runs no script.</summary>
public sealed class WithoutScriptTests(AuditedDirectory directory) : IClassFixture<AuditedDirectory>
{
    private const string Provisioning = AuditedDirectory.Provisioning;

    [Fact]
    public async Task Every_page_shows_its_content_and_leads_to_others()
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: false));
        var page = visit.Page;

        foreach (var address in directory.AllPages.Concat(directory.AdministrationPages))
        {
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
            (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1, address);
            // What only a script could do is not offered.
            (await page.Locator("button[data-copy]:visible, [onclick], a[href^='#']:not(.skip), a[href='']").CountAsync()).ShouldBe(0, address);
            (await page.Locator("main form:visible:not([action]):not([method=post])").CountAsync()).ShouldBe(0, address);
        }
    }

    [Fact]
    public async Task The_audit_is_searched_looked_at_as_it_was_compared_put_back_reported_and_exported()
    {
        var user = await directory.Write("POST", "/Users", Some.User("plain@example.com", ("title", "Before")));
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "After"));
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: false));
        var page = visit.Page;

        await visit.GoTo("/users");
        await page.GetByLabel("Name or e-mail address").FillAsync("plain");
        await Press("Search");
        await page.GetByRole(AriaRole.Link, new() { Name = "plain@example.com" }).ClickAsync();
        await page.GetByLabel("As it was at (UTC)").FillAsync("2001-01-01T00:00:01");
        await Press("Look");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There was no User");
        await Follow("Compare");
        await page.GetByLabel("From").FillAsync("v1");
        await Press("Compare");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "title Before After" })).ToBeVisibleAsync();
        await Follow("Groups over time");
        await Press("Draw");
        await Expect(page.GetByText("It was in no group in this time.")).ToBeVisibleAsync();

        await visit.GoTo($"/users/{user}/versions/1");
        await Follow("Restore this version…");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "title After Before" })).ToBeVisibleAsync();
        await Press("Restore it");
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("admin restored plain@example.com");

        await visit.GoTo($"/groups/{directory.Staff}/members");
        await page.Locator("#nested-at").CheckAsync();
        await Press("Look");
        await Expect(page.GetByText("those of groups within it included")).ToBeVisibleAsync();
        await Press("Draw over time");
        await Expect(page.Locator(".bars-row").First).ToBeVisibleAsync();

        await visit.GoTo("/failures");
        await page.GetByLabel("scimType").FillAsync("uniqueness");
        await Press("Search");
        await page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.Locator(".cards-list > li").First).ToContainTextAsync("409");

        await visit.GoTo("/reports");
        await page.GetByRole(AriaRole.Region, new() { Name = "Joiners, movers, leavers" }).GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "plain@example.com" }).First).ToBeVisibleAsync();
        (await Download("JSON")).ShouldContain("\"joiners\":");
        await visit.GoTo("/audit?targetName=plain@example.com");
        (await Download("CSV")).ShouldContain("plain@example.com");
        await Follow("Export in the background…");
        await Press("Export");
        var file = page.GetByRole(AriaRole.Link, new() { Name = "Download" });
        while (!await file.IsVisibleAsync()) await page.GetByRole(AriaRole.Link, new() { Name = "Look again" }).Or(file).First.ClickAsync();
        (await Download("Download")).ShouldContain("plain@example.com");

        Task Press(string button) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

        Task Follow(string link) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

        async Task<string> Download(string link)
        {
            var download = await page.RunAndWaitForDownloadAsync(() => Follow(link));
            return await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Provisioning_is_switched_paused_and_set_up()
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: false));
        var page = visit.Page;
        await visit.GoTo(Provisioning);
        await Ask("On – switch off…", "Switch off", "Provisioning is off.");
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(404);
        await Ask("Off – switch on…", "Switch on", "Provisioning is on.");
        await Ask("Pause…", "Pause", "Paused. Your identity provider");
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(503);
        await Ask("Resume…", "Resume", "Requests are taken again.");
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(200);

        await page.GetByLabel("Hours until silence is a warning").FillAsync("36");
        await Press("Save", "The settings are saved.");
        await page.GetByLabel("New connection").FillAsync("Plain");
        await Press("Add connection", "The connection is set up.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue token" }).ClickAsync();
        var token = await page.GetByLabel("Token", new() { Exact = true }).InputValueAsync();
        (await directory.Send("GET", "/api/scim/v2/Users", null, ("Authorization", token))).Status.ShouldBe(200);
        await page.GetByLabel("Changes", new() { Exact = true }).FillAsync("7");
        await Press("Set brake", "The brake is set.");
        await page.Locator("#rename-NewName").FillAsync("Plain and simple");
        await Press("Rename", "The connection has its new name.");
        await Ask("Pause…", "Pause", "Paused.");
        await Ask("Resume…", "Resume", "Requests are taken again.");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Revoke…") }).ClickAsync();
        await Press("Revoke", "The token is revoked.");
        (await directory.Send("GET", "/api/scim/v2/Users", null, ("Authorization", token))).Status.ShouldBe(401);
        var connection = new Uri(page.Url).AbsolutePath;
        await page.GetByRole(AriaRole.Link, new() { Name = "Release what it manages…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("connection.release");
        await visit.GoTo(connection);
        await Ask("Remove connection…", "Remove", "The connection is removed");

        async Task Ask(string link, string button, string done)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await Press(button, done);
        }

        async Task Press(string button, string done)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
            await Expect(page.GetByText(done).First).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task What_was_there_before_is_imported_changed_and_erased_and_the_history_verified()
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: false));
        var page = visit.Page;
        await visit.GoTo("/administration/import");
        await page.GetByLabel("File", new() { Exact = true }).SetInputFilesAsync(
            new FilePayload { Name = "one.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("userName\nby-hand@example.com\n") });
        await Press("Upload and check");
        await LookAgainFor(page.GetByRole(AriaRole.Link, new() { Name = "Import…" }));
        await page.GetByRole(AriaRole.Link, new() { Name = "Import…" }).ClickAsync();
        await Press("Import");
        await LookAgainFor(page.GetByText("Imported at"));

        var id = await directory.Scalar<Guid>("select id from scim_user where user_name = 'by-hand@example.com'");
        await visit.GoTo($"/users/{id}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Deactivate…" }).ClickAsync();
        await Press("Deactivate");
        await Expect(page.GetByText("It is deactivated.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete…" }).ClickAsync();
        await Press("Delete");
        await Expect(page.GetByText("It is deleted.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Erase…" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("a request");
        await page.GetByLabel("to confirm").FillAsync("by-hand@example.com");
        await Press("Erase for good");
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("erase");

        await visit.GoTo("/administration/adoptions");
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Press("Save");
        await Expect(page.GetByText("The setting is saved.")).ToBeVisibleAsync();
        await visit.GoTo("/administration/jobs");
        await Press("Verify");
        await LookAgainFor(page.GetByRole(AriaRole.Heading, new() { Name = "Result" }));
        await visit.GoTo("/integrity");
        await Press("Verify now");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Integrity");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await Expect(page.GetByText("You have signed out.")).ToBeVisibleAsync();

        Task Press(string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

        async Task LookAgainFor(ILocator shown)
        {
            while (!await shown.First.IsVisibleAsync()) await page.GetByRole(AriaRole.Link, new() { Name = "Look again" }).Or(shown).First.ClickAsync();
        }
    }
}

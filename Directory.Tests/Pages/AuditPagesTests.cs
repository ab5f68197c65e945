using Directory.Tests.Pages.Browsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

public sealed class AuditPagesTests(AuditedDirectory directory) : IClassFixture<AuditedDirectory>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_change_is_found_and_told_with_before_and_after_the_request_and_the_seal(bool script)
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(script));
        var page = visit.Page;

        await visit.GoTo("/audit");
        await page.GetByLabel("Attribute").FillAsync("title");
        await page.GetByLabel("Target's name").FillAsync("ADA@example.com");
        await page.GetByLabel("Requests that changed nothing").SelectOptionAsync("Left out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        var rows = page.Locator("table.entries tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("Okta changed title from \"Analyst\" to \"Countess\" of ada@example.com");
        await rows.First.Locator("a").First.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("changed title");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "title Analyst Countess" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("PATCH");
        await Expect(page.Locator("main")).ToContainTextAsync("/api/scim/v2/Users/" + directory.Ada);
        await Expect(page.Locator("main")).ToContainTextAsync("\"op\": \"replace\"");
        await Expect(page.Locator("main")).ToContainTextAsync("127.0.0.1");
        await Expect(page.Locator("main")).ToContainTextAsync("sealed in block");
        await page.GetByText("Show the event as it is stored").ClickAsync();
        await Expect(page.GetByText("\"type\": \"user_patched\"")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task the_history_is_stepped_through_version_by_version()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/users/{directory.Mallory}/versions/2");
        await page.GetByRole(AriaRole.Link, new() { Name = "← Version 1" }).ClickAsync();
        await Expect(page.Locator(".stepper")).ToContainTextAsync("Version 1 of 2");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "← Version" })).ToHaveCountAsync(0);
        await Expect(page.Locator("main")).ToContainTextAsync("POST");
        await page.GetByRole(AriaRole.Link, new() { Name = "Version 2 →" }).ClickAsync();

        await Expect(page.Locator(".stepper")).ToContainTextAsync("Version 2 of 2");
        await Expect(page.Locator("main")).ToContainTextAsync("PATCH");
    }

    [Fact]
    public async Task a_user_is_shown_as_it_was_at_a_moment()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/users/{directory.Ada}");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Title Countess" })).ToBeVisibleAsync();
        await visit.GoTo($"/users/{directory.Ada}?at={AuditedDirectory.Text(directory.BeforePromotion)}");

        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Title Analyst" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("version 1 of 3");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Engineers" })).ToBeVisibleAsync();

        await page.GetByLabel("As it was at (UTC)").FillAsync("2001-01-01T00:00:01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There was no User");

        (await page.GotoAsync($"/users/{directory.Engineers}"))!.Status.ShouldBe(404); // a group is no user
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not found");
    }

    [Fact]
    public async Task two_points_are_compared()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/users/{directory.Ada}/compare");
        await page.GetByLabel("From").FillAsync(AuditedDirectory.Text(directory.BeforePromotion));
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "title Analyst Countess" })).ToBeVisibleAsync();
        await Expect(page.GetByText("lost", new() { Exact = true })).ToHaveCountAsync(2); // Engineers, and All staff through it
        await Expect(page.Locator("main")).ToContainTextAsync("Okta removed ada@example.com from Engineers");
    }

    [Fact]
    public async Task memberships_are_drawn_over_time_and_told_in_words()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/users/{directory.Ada}/groups");
        await Expect(page.Locator(".bars-row")).ToHaveCountAsync(2);
        (await page.Locator(".bars-row").Filter(new() { HasText = "Engineers" }).Locator("svg").GetAttributeAsync("aria-label"))!.ShouldMatch(@"^directly from \d{4}-.* to \d{4}-");
        (await page.Locator("rect.direct").First.GetAttributeAsync("width")).ShouldNotBeNull();
        await page.GetByText("The same as a table").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "through Engineers" })).ToBeVisibleAsync();

        await visit.GoTo($"/groups/{directory.Staff}/members");
        await Expect(page.GetByText("1 member.")).ToBeVisibleAsync();
        await visit.GoTo($"/groups/{directory.Staff}/members?nested=true&at={AuditedDirectory.Text(directory.BeforePromotion)}");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "ada@example.com" })).ToContainTextAsync("through a group within it");
    }

    [Fact]
    public async Task a_deleted_user_is_restored_after_a_preview_and_an_erasure_wants_the_name()
    {
        var id = await directory.Write("POST", "/Users", Api.Some.User("leaver@example.com", ("title", "Nurse")));
        var group = await directory.Write("POST", "/Groups", Api.Some.Group("Ward 7", id));
        await directory.Write("DELETE", $"/Users/{id}");
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/users/{id}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Restore…" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Put it back into the groups" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("It comes back under its old id");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Ward 7" })).ToBeVisibleAsync();
        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(404);
        await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();

        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("admin restored leaver@example.com");
        ((string?)(await directory.Scim("GET", $"/Users/{id}")).Body!["title"]).ShouldBe("Nurse");
        (await directory.Scim("GET", $"/Groups/{group}")).Text.ShouldContain(id);

        await visit.GoTo($"/users/{id}/erase");
        await page.GetByLabel("Reason").FillAsync("Request of 26 November");
        await page.GetByLabel("to confirm").FillAsync("somebody.else@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the name of this user");
        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(200);
        await page.GetByLabel("to confirm").FillAsync("leaver@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("erase");
        (await directory.Scalar<long>("select count(*) from mt_events where data::text like '%leaver@example.com%'")).ShouldBe(0);
    }

    [Fact]
    public async Task what_a_connection_did_is_undone_after_a_preview()
    {
        var id = await directory.Write("POST", "/Users", Api.Some.User("mistake@example.com"));
        var from = directory.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await directory.Write("PATCH", $"/Users/{id}", Api.Some.Patch("replace", "active", false));
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/administration/connections/{directory.Okta}/undo?from={AuditedDirectory.Text(from)}");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "mistake@example.com" })).ToContainTextAsync("active");
        ((bool)(await directory.Scim("GET", $"/Users/{id}")).Body!["active"]!).ShouldBeFalse();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo this" }).ClickAsync();

        await Expect(page.Locator("main")).ToContainTextAsync("What was undone");
        ((bool)(await directory.Scim("GET", $"/Users/{id}")).Body!["active"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task an_auditor_sees_everything_and_can_change_nothing()
    {
        var auditor = await directory.SignedIn("auditor");

        (await auditor.Get($"/users/{directory.Ada}/versions/1")).Text.ShouldNotContain("Restore");
        (await auditor.Get($"/users/{directory.Grace}")).Text.ShouldNotContain("Restore");
        (await auditor.Get($"/users/{directory.Ada}")).Text.ShouldNotContain("Erase");
        foreach (var page in new[] { $"/users/{directory.Grace}/restore", $"/groups/{directory.Engineers}/restore?version=1", $"/users/{directory.Ada}/erase", $"/administration/connections/{directory.Okta}/undo" })
        {
            (await auditor.Get(page)).Status.ShouldBe(403, page);
            (await auditor.Post(page, ("_handler", "restore"))).Status.ShouldBe(403, page);
        }

        foreach (var page in directory.AllPages.Where(p => !p.Contains("/restore", StringComparison.Ordinal) && !p.Contains("/erase", StringComparison.Ordinal) && !p.Contains("/undo", StringComparison.Ordinal)))
            (await auditor.Get(page)).Status.ShouldBe(200, page);
    }

    [Fact]
    public async Task failures_are_grouped_by_cause_and_lead_to_the_requests()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo("/failures");
        var taken = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "uniqueness" });
        await Expect(taken).ToContainTextAsync("2");
        await Expect(taken).ToContainTextAsync("/Users");
        await taken.GetByRole(AriaRole.Link).First.ClickAsync();

        await Expect(page.Locator(".cards-list > li")).ToHaveCountAsync(2);
        await Expect(page.Locator(".cards-list > li").First).ToContainTextAsync("ada@example.com");
    }

    [Fact]
    public async Task integrity_shows_blocks_checkpoints_and_the_key_and_is_verified_on_demand()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo("/integrity");

        var key = await directory.Scalar<string>("select key_id from seal_block order by number desc limit 1");
        await Expect(page.Locator("main")).ToContainTextAsync(key);
        (await page.GetByRole(AriaRole.Region, new() { Name = "Blocks" }).GetByRole(AriaRole.Row).CountAsync()).ShouldBeGreaterThan(1);
        (await page.GetByRole(AriaRole.Region, new() { Name = "Checkpoints" }).GetByRole(AriaRole.Row).CountAsync()).ShouldBeGreaterThan(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Verifications" })).ToContainTextAsync("nothing altered", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task a_report_is_shown_and_downloaded_and_the_reading_is_in_the_access_log()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo("/reports");
        await page.GetByRole(AriaRole.Region, new() { Name = "Deprovisioning" }).GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "grace@example.com" }).First).ToBeVisibleAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV", Exact = true }).ClickAsync());
        var file = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        file.ShouldStartWith("sequence,time,action,userId,userName");
        file.ShouldContain("grace@example.com");
        file.ShouldContain("#closing,complete=true");
        download.SuggestedFilename.ShouldMatch(@"^deprovisioning-.*\.csv$");

        var accesses = (await directory.Audit("/access?path=/reports")).Body!["accesses"]!.AsArray();
        accesses.ShouldContain(a => (string)a!["path"]! == "/reports/deprovisioning/export" && (string)a["actorName"]! == "admin" && (long)a["count"]! > 0);
        accesses.ShouldContain(a => (string)a!["path"]! == "/reports/deprovisioning" && (long)a["count"]! > 0);
    }

    [Fact]
    public async Task the_search_is_downloaded_with_its_filters_by_whoever_is_signed_in_only()
    {
        var admin = await directory.SignedIn("admin");

        var csv = await admin.Get("/audit/export?format=csv&targetName=ada@example.com&attribute=title");
        csv.Status.ShouldBe(200);
        csv.Text.Split("\r\n").Length.ShouldBe(1 + 2 + 1 + 1); // header, creation and promotion, closing record, end
        (await admin.Get("/audit/export?format=ndjson&action=delete")).Text.ShouldContain("\"closing\"");
        (await admin.Get("/audit/export?format=xml")).Status.ShouldBe(400);
        var stranger = new Visitor(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }, directory.Address);
        (await stranger.Get("/audit/export?format=csv")).Location.ShouldNotBeNull().ShouldStartWith("/sign-in");
        (await directory.Send("GET", "/audit/export?format=csv", null, ("Authorization", $"Bearer {directory.AuditToken}"))).Text.ShouldContain("<h1>Sign in</h1>");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task every_page_keeps_markup_as_text_fits_the_screen_and_is_accessible(bool dark, bool phone)
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: true, dark, phone));
        var page = visit.Page;
        page.Dialog += (_, dialog) => throw new InvalidOperationException($"{page.Url} ran a script: {dialog.Message}");

        foreach (var address in directory.AllPages.Concat(directory.AdministrationPages).Concat(AuditedDirectory.PagesWithMarkup))
        {
            var answer = (await page.GotoAsync(address))!;
            answer.Status.ShouldBe(200, address);
            (await answer.BodyAsync()).Length.ShouldBeLessThan(100 * 1024, address);
            (await page.Locator("main img, main script, main iframe, main b, a[href*='elsewhere'], a[href^='javascript']").CountAsync()).ShouldBe(0, address);
            (await page.TitleAsync()).ShouldEndWith("– Directory", customMessage: address);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0, address);
            await visit.ShouldBeAccessible();
        }
    }
}

using Directory.Domain;
using Directory.Projections.Jobs;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Directory.Tests.Jobs;
using Directory.Tests.Pages.Browsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>Long work is begun on a page, shows how far it is, and goes on when the page is left.</summary>
[Collection<Administered>]
public sealed class JobPageTests(AdministeredDirectory directory)
{
    private static readonly Origin Asker = new("another", new Actor(Actor.Admin, "a", "Root"), "r");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_export_is_begun_at_the_search_waits_while_one_looks_elsewhere_and_is_fetched(bool script)
    {
        var name = $"exported-{script}@example.com".ToLowerInvariant();
        await directory.Write("POST", "/Users", Some.User(name));
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(script));
        var page = visit.Page;
        await using (await Busy("audit.export"))
        {
            await visit.GoTo($"/audit?targetName={name}");
            await page.GetByRole(AriaRole.Link, new() { Name = "Export in the background…" }).ClickAsync();
            await Expect(page.Locator(".facts")).ToContainTextAsync(name);
            if (script) await visit.ShouldBeAccessible();
            await page.GetByLabel("Format").SelectOptionAsync("NDJSON, one line of JSON for each entry");
            await page.GetByRole(AriaRole.Button, new() { Name = "Export", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Waiting");
            await Expect(page.GetByText("You can leave this page")).ToBeVisibleAsync();
            if (script) await visit.ShouldBeAccessible();

            await Elsewhere(visit);
            await visit.GoTo("/audit/exports");
            if (script) await visit.ShouldBeAccessible();
            var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = name });
            await Expect(row).ToContainTextAsync("Waiting");
            await row.GetByRole(AriaRole.Link).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Waiting");
        }

        await IsOver(visit, page.GetByRole(AriaRole.Link, new() { Name = "Download" }));
        if (script) await visit.ShouldBeAccessible();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        download.SuggestedFilename.ShouldMatch(@"^audit-.*\.ndjson$");
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancellation);
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain(name);
        lines[1].ShouldContain("\"complete\":true");
        (await directory.Audit("/access?path=/audit/exports")).Body!["accesses"]!.AsArray()
            .ShouldContain(a => ((string)a!["path"]!).EndsWith("/file", StringComparison.Ordinal) && (string)a["actorName"]! == "admin" && (long)a["count"]! == 1);
    }

    [Fact]
    public async Task A_verification_is_begun_at_the_seal_and_goes_on_when_the_page_is_left()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await using (await Busy("verify"))
        {
            await visit.GoTo("/integrity");
            await page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
            await Expect(page.GetByText("The history is being verified")).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Verify now" })).ToBeHiddenAsync();
            await Elsewhere(visit);
            await visit.GoTo("/integrity");
            await Expect(page.GetByText("The history is being verified")).ToBeVisibleAsync();
            await visit.ShouldBeAccessible();
        }

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Verifications" })).ToContainTextAsync("nothing altered");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Verify now" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rebuild_is_begun_among_the_jobs_shows_how_far_it_is_and_goes_on_when_the_page_is_left(bool script)
    {
        await directory.Write("POST", "/Users", Some.User($"rebuilt-{script}@example.com"));
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(script));
        var page = visit.Page;
        string job;
        await using (await Locked("scim_user", "access share"))
        {
            await visit.GoTo("/administration/jobs");
            if (script) await visit.ShouldBeAccessible();
            await page.GetByLabel("Projection").SelectOptionAsync("Users");
            await page.GetByRole(AriaRole.Button, new() { Name = "Rebuild", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("rebuild");
            job = new Uri(page.Url).AbsolutePath;
            await Shows(visit, page.GetByText("Users: swapping"));
            await Expect(page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();

            await Elsewhere(visit);
            await visit.GoTo("/administration/jobs");
            var row = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.Locator($"a[href='{job}']") });
            await Expect(row).ToContainTextAsync("Running");
            await row.GetByRole(AriaRole.Link).ClickAsync();
            await Expect(page.GetByText("Users: swapping")).ToBeVisibleAsync();
            if (script) await visit.ShouldBeAccessible();
        }

        await IsOver(visit, page.GetByRole(AriaRole.Heading, new() { Name = "Result" }));
        await Expect(page.Locator("main")).ToContainTextAsync("\"Users\":");
        (await directory.Scalar<long>("select count(*) from scim_user where user_name = $1", $"rebuilt-{script}@example.com")).ShouldBe(1);
    }

    [Fact]
    public async Task A_verification_is_begun_among_the_jobs_too()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        await visit.GoTo("/administration/jobs");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();

        await IsOver(visit, visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Result" }));
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("\"status\": \"ok\"");
    }

    [Fact]
    public async Task An_import_that_waits_is_done_although_the_page_was_left()
    {
        var import = await directory.Checked("userName\nleft-alone@example.com\n");
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await using (await Busy("import.run"))
        {
            await visit.GoTo($"/administration/import/{import}?confirm=run");
            await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Importing" })).ToBeVisibleAsync();
            await Elsewhere(visit);
        }

        await visit.GoTo($"/administration/import/{import}");
        await Expect(page.GetByText("Imported at")).ToBeVisibleAsync();
        (await directory.Scim("GET", "/Users?filter=userName%20eq%20%22left-alone@example.com%22")).Resources.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_auditor_exports_and_begins_nothing_else()
    {
        var auditor = await directory.Auditor();

        (await auditor.Get("/administration/jobs")).Status.ShouldBe(403);
        (await auditor.Submit("/integrity", "verify", "/integrity", [])).Status.ShouldBeInRange(400, 403);
        var begun = await auditor.Submit("/audit/exports?action=create", "export", ("FileFormat", "csv"));
        begun.Status.ShouldBe(302);
        begun.Location.ShouldNotBeNull().ShouldStartWith("/audit/exports/");
        (await auditor.Get(begun.Location)).Status.ShouldBe(200);
        (await auditor.Submit("/audit/exports?action=nonsense", "export", ("FileFormat", "csv"))).Status.ShouldBe(400);
    }

    private static async Task Elsewhere(BrowserVisit visit)
    {
        await visit.GoTo("/");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
    }

    /// <summary>With a script the page finds out by itself; without one a link asks again.</summary>
    private static Task IsOver(BrowserVisit visit, ILocator shown) => Shows(visit, shown);

    private static async Task Shows(BrowserVisit visit, ILocator shown)
    {
        while (!visit.Manner.Script && !await shown.IsVisibleAsync())
        {
            Cancellation.ThrowIfCancellationRequested();
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Look again" }).Or(shown).First.ClickAsync();
        }

        await Expect(shown).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    /// <summary>Another node is at work on a job of this kind for another directory, so that the next one waits.</summary>
    private async Task<IAsyncDisposable> Busy(string kind)
    {
        var leases = new JobLeases(directory.Database, directory.Services.GetRequiredService<TimeProvider>(), "another node");
        var job = await leases.ClaimOf(directory, kind, Asker);
        await directory.Scalar<int>("update job set lease_until = clock_timestamp() + interval '1 hour' where id = $1 returning 1", job.Id);
        return new Undone(async () => await leases.End(job.Id, JobState.Done, null, null, Cancellation));
    }

    /// <summary>Somebody else holds a lock on a table, so that what needs a stronger one waits.</summary>
    private async Task<IAsyncDisposable> Locked(string table, string mode)
    {
        var connection = await directory.Database.OpenConnectionAsync(Cancellation);
        var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand($"set local idle_in_transaction_session_timeout to 0; lock table {table} in {mode} mode", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        return new Undone(async () =>
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        });
    }

    private sealed class Undone(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}

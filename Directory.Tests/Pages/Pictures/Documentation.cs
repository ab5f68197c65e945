using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Xunit;

namespace Directory.Tests.Pages.Pictures;

/// <summary>
/// Takes the pictures of docs/administration.md and docs/auditing.md anew: <c>dotnet run --project Directory.Tests -- pictures</c>. It is no
/// test, since it writes into the source tree.
/// </summary>
internal static class Documentation
{
    private static readonly (int Width, int Height) Page = (1280, 900), Form = (1200, 760);

    public static async Task<int> TakePictures()
    {
        await using var databases = new TestDatabase();
        await databases.InitializeAsync();
        await using var chromium = new Chromium();
        await OfTheAudit(databases, chromium);
        await OfTheAdministration(databases, chromium);
        return 0;
    }

    private static async Task OfTheAudit(TestDatabase databases, Chromium chromium)
    {
        await using var directory = new PicturedDirectory(databases, chromium);
        await ((IAsyncLifetime)directory).InitializeAsync();
        var user = $"/users/{directory.Ada}";
        await using (var visit = await directory.BrowseAsAdministrator())
        {
            await Take(visit, "audit-search", "/audit?targetType=user&includeNoOps=false", Page);
            await Take(visit, "audit-entry", $"/audit/entries/{directory.Promotion}", Page);
            await Take(visit, "user-state", user, Page);
            await Take(visit, "user-timeline", $"{user}/timeline", Page);
            await Take(visit, "user-version", $"{user}/versions/2", Page);
            await Take(visit, "user-compare", $"{user}/compare?from=v1", Page);
            await Take(visit, "group-members", $"/groups/{directory.Engineers}/members?from={AuditedDirectory.Text(directory.Start)}", Page);
            await Take(visit, "restore-preview", $"/users/{directory.Grace}/restore?memberships=true", Page);
            await Take(visit, "failures", "/failures", Page);
            await Take(visit, "integrity", "/integrity", Page);
            await Take(visit, "report-deprovisioning", "/reports/deprovisioning?from=2001-01-01T00:00", Page);
        }

        await using (var visit = await directory.BrowseAsAdministrator(new BrowserManner(Dark: true)))
            await Take(visit, "user-groups", $"{user}/groups", Page);
        await using (var visit = await directory.BrowseAsAdministrator(new BrowserManner(Dark: true, Phone: true)))
            await Take(visit, "user-timeline-phone", $"{user}/timeline", null);
    }

    private static async Task OfTheAdministration(TestDatabase databases, Chromium chromium)
    {
        await using var directory = new AdministeredDirectory(databases, chromium);
        await directory.InitializeAsync();
        foreach (var name in (string[])["ada", "grace", "edsger", "barbara", "tony"])
            await directory.Scim("POST", "/Users", Some.User($"{name}@example.com"));
        await directory.Scim("GET", "/Users?filter=userName%20eq%20%22nobody%22");
        var local = await directory.LocalUser("katherine@example.com");
        foreach (var kind in (string[])["verify", "rebuild"])
            await directory.JobOver((string)(await directory.Administer("POST", "/jobs", new JsonObject { ["kind"] = kind }))["id"]!);
        var connection = await directory.Scalar<Guid>("select connection_id from credential where connection_id is not null limit 1");
        await using var visit = await directory.BrowseAsAdministrator();
        await Take(visit, "overview", "/", Form);
        await Take(visit, "provisioning", "/administration/authentication/provisioning", Form);
        await Take(visit, "switch", "/administration/authentication/provisioning?confirm=off", Form);
        await Take(visit, "connection", $"/administration/connections/{connection}", Form);
        await Take(visit, "import", "/administration/import", Form);
        await Take(visit, "local-user", $"/users/{local}?confirm=deactivate", Form);
        await Take(visit, "jobs", "/administration/jobs", Form);
    }

    private static async Task Take(BrowserVisit visit, string name, string path, (int Width, int Height)? size, [CallerFilePath] string here = "")
    {
        if (size is { } given) await visit.Page.SetViewportSizeAsync(given.Width, given.Height);
        var answer = await visit.Page.GotoAsync(path);
        if (answer is not { Status: 200 }) throw new InvalidOperationException($"{path} answered {answer?.Status}.");
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "screenshots", $"{name}.png"));
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = file });
        Console.WriteLine(file);
    }
}

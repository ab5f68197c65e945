using System.Runtime.CompilerServices;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Xunit;

namespace Directory.Tests.Pages;

/// <summary>Takes the pictures of docs/administration.md; run by name only, since it writes into the source tree (CONTRIBUTING.md).</summary>
public sealed class AdministrationPictures(AdministrationPictures.Shown directory) : IClassFixture<AdministrationPictures.Shown>
{
    [Fact(Explicit = true)]
    public async Task Of_the_administration()
    {
        foreach (var name in (string[])["ada", "grace", "edsger", "barbara", "tony"])
            await directory.Scim("POST", "/Users", Some.User($"{name}@example.com"));
        await directory.Scim("GET", "/Users?filter=userName%20eq%20%22nobody%22");
        await using var visit = await directory.BrowseAsAdministrator();
        await visit.Page.SetViewportSizeAsync(1200, 760);
        var connection = await directory.Scalar<Guid>("select connection_id from credential where connection_id is not null limit 1");
        await Take(visit, "overview", "/");
        await Take(visit, "provisioning", "/administration/authentication/provisioning");
        await Take(visit, "switch", "/administration/authentication/provisioning?confirm=off");
        await Take(visit, "connection", $"/administration/connections/{connection}");
        await Take(visit, "import", "/administration/import");
    }

    private static async Task Take(BrowserVisit visit, string name, string path, [CallerFilePath] string here = "")
    {
        await visit.GoTo(path);
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "..", "docs", "screenshots", $"{name}.png"),
        });
    }

    public sealed class Shown(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium);
}

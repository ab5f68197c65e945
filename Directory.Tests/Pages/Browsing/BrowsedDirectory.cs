using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Microsoft.Playwright;

namespace Directory.Tests.Pages.Browsing;

/// <summary>
/// The service on a port of this machine, for a real browser. <c>Scim(…)</c> provisions as Okta does, <see cref="Browse"/> opens a page.
/// </summary>
public class BrowsedDirectory(TestDatabase databases, Chromium chromium) : DirectoryFixture(databases)
{
    protected override bool OnSocket => true;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Directory:Limits:SignInsPerMinute"] = "1000" };

    /// <summary>A browser of its own, with no cookies, that has not signed in.</summary>
    public async Task<BrowserVisit> Browse(BrowserManner? manner = null) =>
        await BrowserVisit.Begin(await chromium.Start(), Address, manner ?? new BrowserManner());

    /// <summary>As <see cref="Browse"/>, signed in as the administrator.</summary>
    public async Task<BrowserVisit> BrowseAsAdministrator(BrowserManner? manner = null)
    {
        var visit = await Browse(manner);
        await visit.SignIn("admin", AdminPassword);
        return visit;
    }
}

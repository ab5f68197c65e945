using System.Text.Json.Nodes;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>A report that is longer than a page.</summary>
[Collection<Administered>]
public sealed class ReportPageTests(AdministeredDirectory directory)
{
    [Fact]
    public async Task A_long_report_is_walked_page_by_page_and_downloaded_whole_as_json()
    {
        await directory.Import("userName\n" + string.Concat(Enumerable.Range(100, 130).Select(i => $"reported-{i}@example.com\n")));
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo("/reports/untouched?since=2200-01-01T00:00");

        var file = JsonNode.Parse(await Download("JSON"))!;
        var names = file["rows"]!.AsArray().Select(r => (string)r!["userName"]!).ToList();
        names.Count.ShouldBeGreaterThanOrEqualTo(130); // and who was imported by others
        ((int)file["users"]!).ShouldBe(names.Count);
        await Expect(page.Locator("main")).ToContainTextAsync($"This page has the rows 1 to 100 of {names.Count}.");
        var shown = (await Rows()).ToList();
        shown.Count.ShouldBe(100);
        await visit.ShouldBeAccessible();

        while (await page.GetByRole(AriaRole.Link, new() { Name = "Next 100" }).CountAsync() > 0)
        {
            var from = shown.Count + 1;
            await page.GetByRole(AriaRole.Link, new() { Name = "Next 100" }).ClickAsync();
            await Expect(page.Locator("main")).ToContainTextAsync($"This page has the rows {from} to");
            shown.AddRange(await Rows());
        }

        shown.ShouldBe(names);
        JsonNode.Parse(await Download("JSON"))!["rows"]!.AsArray().Count.ShouldBe(names.Count, "a download has them all, wherever one is");
        await page.GetByRole(AriaRole.Link, new() { Name = "First", Exact = true }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("This page has the rows 1 to 100");
        (await page.GotoAsync("/reports/untouched?start=nonsense"))!.Status.ShouldBe(400);

        async Task<IReadOnlyList<string>> Rows() =>
            await page.GetByRole(AriaRole.Region, new() { Name = "Users that were not touched" }).Locator("tbody tr td:first-child").AllInnerTextsAsync();

        async Task<string> Download(string format)
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = format, Exact = true }).ClickAsync());
            download.SuggestedFilename.ShouldMatch(@"^untouched-.*\.json$");
            return await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        }
    }
}

using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.OpenApi;

public sealed class BrowsingTests(BrowsingTests.InDevelopment directory) : IClassFixture<BrowsingTests.InDevelopment>
{
    /// <summary>When the visit ends, nothing may have been asked for elsewhere, and nothing refused by the policy of the page.</summary>
    [Fact]
    public async Task the_description_can_be_browsed_in_development_without_asking_elsewhere()
    {
        await using var visit = await directory.Browse();

        await visit.GoTo("/scalar/");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Directory", Exact = false }).First).ToBeVisibleAsync(new() { Timeout = 15_000 });
        (await visit.Page.TitleAsync()).ShouldBe("Directory");
    }

    public sealed class InDevelopment(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium)
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(base.Settings) { ["environment"] = "Development" };
    }
}

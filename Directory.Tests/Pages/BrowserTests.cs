using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class BrowserTests(BrowsedDirectory directory) : IClassFixture<BrowsedDirectory>
{
    public static TheoryData<bool, bool, bool> Manners => new(
        from script in new[] { true, false }
        from dark in new[] { true, false }
        from phone in new[] { true, false }
        select (script, dark, phone));

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task Signing_in_works_in_every_manner(bool script, bool dark, bool phone)
    {
        await using var visit = await directory.Browse(new BrowserManner(script, dark, phone));

        await visit.GoTo("/");
        visit.Page.Url.ShouldEndWith("/sign-in?returnUrl=%2F");
        if (script) await visit.ShouldBeAccessible();
        await visit.SignIn("admin", Api.DirectoryFixture.AdminPassword);

        (await visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).TextContentAsync())!.Trim().ShouldBe("Overview");
        if (script) await visit.ShouldBeAccessible();
    }
}

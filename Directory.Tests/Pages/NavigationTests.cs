using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>The framework replaces the content of the page in place, from wherever to wherever, although no page has a base.</summary>
public sealed class NavigationTests(NavigationTests.Navigated directory) : IClassFixture<NavigationTests.Navigated>
{
    [Fact]
    public async Task Links_and_forms_of_deep_pages_are_followed_in_place_and_lead_back()
    {
        var user = (await directory.Scim("POST", "/Users", Some.User("deep@example.com"))).Id;
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo($"/users/{user}/versions/1");
        await page.EvaluateAsync("window.sameDocument = true");

        await Follow("Groups over time", $"/users/{user}/groups");
        await Follow("Search", "/audit");
        await Follow("Provisioning", "/administration/authentication/provisioning");
        await Follow("Overview", "/");
        await Follow("Users", "/users");
        await page.GetByLabel("State").SelectOptionAsync("Active");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(directory.Address, "/users?text=&state=active").ToString());
        await Follow("deep@example.com", $"/users/{user}");
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new Uri(directory.Address, "/users?text=&state=active").ToString());
        await page.GoForwardAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("deep@example.com");
        (await page.EvaluateAsync<bool>("window.sameDocument === true")).ShouldBeTrue();
        (await page.Locator("base").CountAsync()).ShouldBe(0);

        async Task Follow(string name, string path)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First.ClickAsync();
            await Expect(page).ToHaveURLAsync(new Uri(directory.Address, path).ToString());
            (await page.EvaluateAsync<bool>("window.sameDocument === true")).ShouldBeTrue($"{name} was loaded as a new document");
        }
    }

    [Fact]
    public async Task A_base_that_somebody_has_slipped_in_is_refused()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        var path = await page.EvaluateAsync<string>("""
            () => {
              const base = document.createElement('base');
              base.href = location.origin + '/elsewhere/';
              document.head.prepend(base);
              const link = document.createElement('a');
              link.href = 'users';
              return link.pathname;
            }
            """);

        path.ShouldBe("/users");
        visit.Forgive("base-uri");
    }

    public sealed class Navigated(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium);
}

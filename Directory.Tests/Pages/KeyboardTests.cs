using Directory.Tests.Api;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>An administrator without a mouse: everything is reached by Tab, done by Enter or Space, and one sees where one is.</summary>
[Collection<Administered>]
public sealed class KeyboardTests(AdministeredDirectory directory)
{
    /// <summary>More than a page has; whoever has tabbed so often goes in a circle.</summary>
    private const int MostTabs = 120;

    [Fact]
    public async Task Signing_in_searching_restoring_and_a_connection_need_no_mouse()
    {
        var user = await directory.Write("POST", "/Users", Some.User("keyed@example.com", ("title", "Before")));
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "After"));
        var (connection, _) = await directory.Connect("Keyed");
        await using var visit = await directory.Browse();
        var page = visit.Page;
        await visit.GoTo("/sign-in");

        await Type("Name", "admin");
        await Type("Password", DirectoryFixture.AdminPassword);
        await Press("Sign in");
        await Arrived("Overview");

        await Press("Search");
        await Arrived("Search the audit");
        await Type("Target's name", "keyed@example.com");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("table.entries tbody tr")).ToHaveCountAsync(2);
        await TabTo("main table.entries a");
        await page.Keyboard.PressAsync("Enter");
        await Arrived("changed title");
        await Press("keyed@example.com");
        await Arrived("keyed@example.com");

        await Press("Timeline");
        await Expect(page.Locator(".timeline li")).ToHaveCountAsync(2);
        await Press("version 1");
        await Press("Restore this version…");
        await Expect(page.GetByText("This is what would happen")).ToBeVisibleAsync();
        await Press("Restore it");
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("admin restored keyed@example.com");
        ((string?)(await directory.Scim("GET", $"/Users/{user}")).Body!["title"]).ShouldBe("Before");

        await Press("Provisioning");
        await Press("Keyed");
        await Arrived("Keyed");
        await TabTo("input[name='Brake.Enabled']");
        await page.Keyboard.PressAsync("Space");
        await Type("Changes", "3");
        await Type("Minutes", "30");
        await Press("Set brake");
        await Expect(page.GetByText("More than 3 deactivations or deletions within 30 minutes")).ToBeVisibleAsync();
        await Press("Pause…");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        (await Focused("e.textContent")).ShouldBe("Cancel", "a question begins at the way back");
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.TypeAsync("by hand");
        await Press("Pause");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Paused");
        (await directory.Scalar<string>("select sentence from audit_entry where action = 'connection.pause' and sentence like '%Keyed%'")).ShouldContain("by hand");
        page.Url.ShouldContain(connection);

        Task Arrived(string heading) => Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);

        async Task Type(string label, string text)
        {
            await TabTo($"#{await page.GetByLabel(label, new() { Exact = true }).GetAttributeAsync("id")}");
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.TypeAsync(text);
        }

        async Task Press(string name)
        {
            var wanted = page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).Or(page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }));
            await Expect(wanted.First).ToBeVisibleAsync();
            await wanted.First.EvaluateAsync("e => { for (const old of document.querySelectorAll('[data-wanted]')) delete old.dataset.wanted; e.dataset.wanted = ''; }");
            await TabTo("[data-wanted]");
            await page.Keyboard.PressAsync("Enter");
        }

        Task<string> Focused(string what) => page.EvaluateAsync<string>($"() => {{ const e = document.activeElement; return String({what}); }}");

        async Task TabTo(string selector)
        {
            for (var tabs = 0; tabs < MostTabs; tabs++)
            {
                await page.Keyboard.PressAsync("Tab");
                if (await Focused("e === document.body") == "true") continue;
                (await Focused("getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2"))
                    .ShouldBe("true", $"{page.Url}: nobody sees where the focus is: {await Focused("e.outerHTML")}");
                (await Focused("(r => r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight)(e.getBoundingClientRect())"))
                    .ShouldBe("true", $"{page.Url}: the focus is outside of the window: {await Focused("e.outerHTML")}");
                if (await page.EvaluateAsync<bool>("s => document.activeElement.matches(s)", selector)) return;
            }

            throw new InvalidOperationException($"{page.Url}: {selector} is not reached by Tab.");
        }
    }
}

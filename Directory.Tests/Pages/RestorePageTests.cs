using Directory.Tests.Api;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>Putting back, on the pages: what is there to an earlier version, and groups with their members.</summary>
[Collection<Administered>]
public sealed class RestorePageTests(AdministeredDirectory directory)
{
    [Fact]
    public async Task A_user_who_is_there_is_put_back_to_an_earlier_version_after_a_preview()
    {
        var user = await directory.Write("POST", "/Users", Some.User("promoted@example.com", ("title", "Analyst"), ("nickName", "Pro")));
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "Countess"));
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("remove", "nickName"));
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/users/{user}/timeline");
        await page.GetByRole(AriaRole.Link, new() { Name = "version 1", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Restore this version…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "title Countess Analyst" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "nickName no value Pro" })).ToBeVisibleAsync();
        await visit.ShouldBeAccessible();
        (await Title(user)).ShouldBe("Countess");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();

        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("admin restored promoted@example.com");
        (await Title(user)).ShouldBe("Analyst");
        ((string?)(await directory.Scim("GET", $"/Users/{user}")).Body!["nickName"]).ShouldBe("Pro");
        await visit.GoTo($"/users/{user}/restore?version=1");
        await Expect(page.GetByText("there is nothing to restore")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_group_is_put_back_with_its_members_and_comes_back_when_it_was_deleted()
    {
        var (first, second) = (await directory.Write("POST", "/Users", Some.User("first@example.com")), await directory.Write("POST", "/Users", Some.User("second@example.com")));
        var group = await directory.Write("POST", "/Groups", Some.Group("Ward 8", first));
        await directory.Write("PATCH", $"/Groups/{group}", Some.Patch("remove", $"members[value eq \"{first}\"]"));
        await directory.Write("PATCH", $"/Groups/{group}", Some.Patch("add", "members", Some.Members(second)));
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        var versions = await directory.Scalar<long>("select max(version) from mt_events where stream_id = $1", Guid.Parse(group));
        var withFirst = await directory.Scalar<long>(
            "select min(version) from mt_events where stream_id = $1 and type like '%member%'", Guid.Parse(group));

        await visit.GoTo($"/groups/{group}/versions/{withFirst}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Restore this version…" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("1 would be added, 1 removed");
        await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("Ward 8");
        (await Members(group)).ShouldBe([first]);
        (await directory.Scalar<long>("select max(version) from mt_events where stream_id = $1", Guid.Parse(group))).ShouldBeGreaterThan(versions, "nothing is rewritten");

        await directory.Write("DELETE", $"/Groups/{group}");
        await visit.GoTo($"/groups/{group}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Restore…" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("It comes back under its old id");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("admin");
        (await Members(group)).ShouldBe([first]);
    }

    [Fact]
    public async Task What_was_changed_since_the_preview_is_not_overwritten()
    {
        var user = await directory.Write("POST", "/Users", Some.User("raced@example.com", ("title", "First")));
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "Second"));
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo($"/users/{user}/restore?version=1");
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "Third"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It was changed since you looked.");
        (await Title(user)).ShouldBe("Third");
        await page.GetByRole(AriaRole.Link, new() { Name = "Look again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "title Third First" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore it" }).ClickAsync();
        await Expect(page.Locator(".timeline li").First).ToContainTextAsync("admin restored raced@example.com");
        (await Title(user)).ShouldBe("First");
    }

    private async Task<string?> Title(string user) => (string?)(await directory.Scim("GET", $"/Users/{user}")).Body!["title"];

    private async Task<IReadOnlyList<string>> Members(string group) =>
        [.. (await directory.Scim("GET", $"/Groups/{group}")).Body!["members"]!.AsArray().Select(m => (string)m!["value"]!)];
}

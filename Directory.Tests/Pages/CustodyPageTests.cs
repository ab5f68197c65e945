using Directory.Tests.Api;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Directory.Tests.Pages;

/// <summary>Who manages what, on the pages: consent to taking over, and what an administrator does with local users and groups.</summary>
[Collection<Administered>]
public sealed class CustodyPageTests(AdministeredDirectory directory)
{
    [Fact]
    public async Task A_connection_that_asks_to_take_over_is_let_or_refused_on_the_page()
    {
        var (wanted, unwanted) = (await directory.LocalUser("wanted@example.com"), await directory.LocalUser("unwanted@example.com"));
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await Consent(visit, required: true);
        (await Retitle(wanted)).Status.ShouldBe(403);
        (await Retitle(unwanted)).Status.ShouldBe(403);
        await visit.GoTo("/administration/adoptions");
        await visit.ShouldBeAccessible();

        await Row("wanted@example.com").GetByRole(AriaRole.Button, new() { Name = "Consent" }).ClickAsync();
        await Expect(page.GetByText("You consented.")).ToBeVisibleAsync();
        await Expect(Row("wanted@example.com")).ToContainTextAsync("Consented");
        await Row("unwanted@example.com").GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await Expect(page.GetByText("You declined.")).ToBeVisibleAsync();
        await Expect(Row("unwanted@example.com")).ToContainTextAsync("Declined");
        await Expect(Row("unwanted@example.com")).ToContainTextAsync("by admin");

        (await Retitle(unwanted)).Status.ShouldBe(403);
        (await Retitle(wanted)).Status.ShouldBe(200);
        await visit.GoTo($"/users/{wanted}");
        await Expect(page.Locator("main")).ToContainTextAsync("Okta, which alone changes it");
        await visit.GoTo($"/users/{wanted}/timeline");
        await Expect(page.Locator("main")).ToContainTextAsync("Okta took over wanted@example.com, which was known before");
        await visit.GoTo($"/users/{unwanted}");
        await Expect(page.Locator("main")).ToContainTextAsync("nobody: it is local");

        await Consent(visit, required: false);
        (await Retitle(await directory.LocalUser("unasked@example.com"))).Status.ShouldBe(200);

        ILocator Row(string name) => page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }) });
    }

    [Fact]
    public async Task A_local_user_is_deactivated_reactivated_and_deleted_after_a_question()
    {
        var id = await directory.LocalUser("here@example.com");
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo($"/users/{id}/timeline");

        await page.GetByRole(AriaRole.Link, new() { Name = "Deactivate…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("is not active");
        await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        (await Active(id)).ShouldBeTrue();
        await Do("Deactivate", "It is deactivated.");
        (await Active(id)).ShouldBeFalse();
        await Do("Reactivate", "It is active again.");
        (await Active(id)).ShouldBeTrue();
        await Do("Delete", "It is deleted.");
        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(404);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Delete…" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Restore…" })).ToBeVisibleAsync();
        (await directory.Column<string>("select actor_name || ' ' || action from audit_entry where stream_id = $1 and actor_name = 'admin' order by seq", id))
            .ShouldBe(["admin deactivate", "admin reactivate", "admin delete"]);

        async Task Do(string what, string done)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = $"{what}…" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = what, Exact = true }).ClickAsync();
            await Expect(page.GetByText(done)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_local_group_is_deleted_after_a_question()
    {
        await directory.LocalUser("member@example.com");
        var group = await directory.LocalGroup("Local ones", "member@example.com");
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;

        await visit.GoTo($"/groups/{group}");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Deactivate…" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        await Expect(page.GetByText("It is deleted.")).ToBeVisibleAsync();
        await visit.ShouldBeAccessible();
        (await directory.Scim("GET", $"/Groups/{group}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_a_connection_manages_is_read_only_until_it_is_released()
    {
        var user = await directory.Write("POST", "/Users", Some.User("managed@example.com"));
        var group = await directory.Write("POST", "/Groups", Some.Group("Managed ones", user));
        var administrator = await directory.SignedIn("admin");
        foreach (var (path, what) in new[] { ($"/users/{user}", "deactivate"), ($"/users/{user}", "delete"), ($"/groups/{group}", "delete") })
        {
            var asked = await administrator.Get($"{path}?confirm={what}");
            asked.Text.ShouldContain("A connection manages it, which alone changes it.");
            asked.Text.ShouldNotContain("<dialog");
            var sent = await administrator.Submit(path, what, $"{path}?confirm={what}", []);
            sent.Status.ShouldBe(409, $"{path} {what}");
            sent.Text.ShouldContain("managed by a SCIM connection");
        }

        (await Active(Guid.Parse(user))).ShouldBeTrue();
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        await visit.GoTo($"/users/{user}");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Deactivate…" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Delete…" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Release…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();
        await Expect(page.GetByText("It is local now.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Deactivate…" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_answer_to_an_old_question_is_refused()
    {
        var id = await directory.LocalUser("stale@example.com");
        await using var visit = await directory.BrowseAsAdministrator();
        await visit.GoTo($"/users/{id}?confirm=delete");
        await directory.Administer("POST", $"/users/{id}/deactivate");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It was changed since you looked.");
        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_auditor_is_offered_none_of_it_and_cannot_send_it()
    {
        var id = await directory.LocalUser("watched@example.com");
        var auditor = await directory.Auditor();

        var shown = await auditor.Get($"/users/{id}?confirm=delete");
        shown.Status.ShouldBe(200);
        shown.Text.ShouldNotContain("confirm=");
        shown.Text.ShouldNotContain("<dialog");
        foreach (var what in new[] { "deactivate", "delete", "release" })
            (await auditor.Submit($"/users/{id}", what, $"/users/{id}?confirm={what}", [])).Status.ShouldBeInRange(400, 403, what);

        (await Active(id)).ShouldBeTrue();
    }

    private static async Task Consent(BrowserVisit visit, bool required)
    {
        await visit.GoTo("/administration/adoptions");
        await visit.Page.GetByRole(AriaRole.Checkbox).SetCheckedAsync(required);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(visit.Page.GetByText("The setting is saved.")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Checkbox)).ToBeCheckedAsync(new() { Checked = required });
    }

    private Task<ScimAnswer> Retitle(Guid user) => directory.Scim("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "Taken over"));

    private async Task<bool> Active(Guid user) => (bool?)(await directory.Scim("GET", $"/Users/{user}")).Body!["active"] ?? true;
}

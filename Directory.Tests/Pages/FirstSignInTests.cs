using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class FirstSignInTests(FirstSignInTests.HandedOut directory) : IClassFixture<FirstSignInTests.HandedOut>
{
    [Fact]
    public async Task A_password_that_was_handed_out_is_replaced_before_anything_else()
    {
        const string own = "four words in a row";
        await directory.Scalar<int>("with due as (update administrator set must_change_password = true) select 1");
        await using var visit = await directory.Browse();
        var page = visit.Page;
        await visit.SignIn("admin", DirectoryFixture.AdminPassword);
        page.Url.ShouldEndWith("/account/password");
        await visit.ShouldBeAccessible();

        await visit.GoTo("/administration/authentication/provisioning");
        page.Url.ShouldEndWith("/account/password");
        await Change(page, "a wrong one, surely", own);
        await page.GetByText("The current password is wrong.").WaitForAsync();
        await Change(page, DirectoryFixture.AdminPassword, "too short");
        await page.GetByLabel("New password", new() { Exact = true }).WaitForAsync();
        await Change(page, DirectoryFixture.AdminPassword, "my admin password");
        await page.GetByText("must not contain the account").WaitForAsync();
        await Change(page, DirectoryFixture.AdminPassword, own);

        await page.GetByText("Your password is changed.").WaitForAsync();
        (await directory.Column<string>("select sentence from audit_entry where action = 'administrator.password'")).ShouldBe(["admin changed the password of admin"]);
        await using var again = await directory.Browse();
        await again.SignIn("admin", own);
        await directory.Scalar<int>("with back as (update administrator set must_change_password = false) select 1");
    }

    private static async Task Change(IPage page, string current, string proposed)
    {
        await page.GetByLabel("Current password").FillAsync(current);
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync(proposed);
        await page.GetByLabel("New password again").FillAsync(proposed);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
    }

    public sealed class HandedOut(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium);
}

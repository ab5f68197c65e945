using System.Text;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class ImportPageTests(ImportPageTests.ImportingDirectory directory) : IClassFixture<ImportPageTests.ImportingDirectory>
{
    [Fact]
    public async Task An_error_on_line_17_of_1000_users_is_shown_and_nothing_is_imported_until_it_is_put_right()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        var page = visit.Page;
        var before = await Users();

        await Upload(visit, "people.csv", wrongLine: 17);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "active" });
        await row.WaitForAsync();
        (await row.GetByRole(AriaRole.Rowheader).TextContentAsync()).ShouldBe("17");
        (await page.GetByRole(AriaRole.Link, new() { Name = "Import…" }).CountAsync()).ShouldBe(0);
        await visit.ShouldBeAccessible();
        (await Users()).ShouldBe(before);

        await Upload(visit, "people-again.csv", wrongLine: null);
        await page.GetByRole(AriaRole.Link, new() { Name = "Import…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("1,000 users").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await page.GetByText("Imported at").WaitForAsync();

        (await Users()).ShouldBe(before + 1000);
        await visit.GoTo("/administration/import");
        await visit.ShouldBeAccessible();
        await visit.GoTo("/administration/jobs");
        await visit.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Link, new() { Name = "import.run" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Result" }).WaitForAsync();
        await visit.ShouldBeAccessible();
    }

    [Fact]
    public async Task Without_a_script_a_file_can_be_checked_and_forgotten()
    {
        await using var visit = await directory.BrowseAsAdministrator(new BrowserManner(Script: false, Phone: true));
        await Upload(visit, "<img onerror=x>.csv", wrongLine: 3);
        (await visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).TextContentAsync())!.ShouldContain("<img onerror=x>.csv");

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Discard…" }).Or(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Look again" })).First.WaitForAsync();
        var import = new Uri(visit.Page.Url).AbsolutePath;
        await visit.GoTo($"{import}?confirm=discard");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Discard", Exact = true }).ClickAsync();

        await visit.Page.GetByText("The file is forgotten.").WaitForAsync();
    }

    [Fact]
    public async Task Consent_to_taking_over_is_set_on_a_page()
    {
        await using var visit = await directory.BrowseAsAdministrator();
        await visit.GoTo("/administration/adoptions");
        await visit.ShouldBeAccessible();
        await visit.Page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await visit.Page.GetByText("The setting is saved.").WaitForAsync();

        (await visit.Page.GetByRole(AriaRole.Checkbox).IsCheckedAsync()).ShouldBeTrue();
    }

    private static async Task Upload(BrowserVisit visit, string name, int? wrongLine)
    {
        var csv = new StringBuilder("userName,displayName,active\n");
        for (var line = 2; line <= 1001; line++) csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"import{line}@example.com,Person {line},{(line == wrongLine ? "perhaps" : "true")}\n");
        await visit.GoTo("/administration/import");
        await visit.Page.GetByLabel("File", new() { Exact = true }).SetInputFilesAsync(
            new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv.ToString()) });
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Upload and check" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "The file" }).WaitForAsync();
    }

    private Task<long> Users() => directory.Scalar<long>("select count(*) from scim_user");

    public sealed class ImportingDirectory(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium);
}

using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class SignInTests(PagesFixture directory) : IClassFixture<PagesFixture>
{
    [Fact]
    public async Task A_page_sends_whoever_has_not_signed_in_to_the_form_and_then_back()
    {
        var visitor = directory.Visitor();

        var refused = await visitor.Get("/?done=password");
        var form = "/sign-in?returnUrl=%2F%3Fdone%3Dpassword";
        var signedIn = await visitor.Submit(form, "sign-in", ("Input.Name", "Admin"), ("Input.Password", DirectoryFixture.AdminPassword));

        (refused.Status, refused.Location).ShouldBe((302, form));
        signedIn.Status.ShouldBe(302);
        signedIn.Location.ShouldBe("/?done=password");
        (await visitor.Get("/")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_leads_nowhere_outside(string returnUrl)
    {
        var answer = await directory.Visitor().Submit(
            $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", "sign-in", ("Input.Name", "admin"), ("Input.Password", DirectoryFixture.AdminPassword));

        (answer.Status, answer.Location).ShouldBe((302, "/"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer_and_both_are_in_the_audit()
    {
        var wrong = await directory.Visitor().SignIn("admin", "a wrong password");
        var unknown = await directory.Visitor().SignIn("nobody-of-that-name", "a wrong password");

        wrong.Status.ShouldBe(401);
        unknown.Status.ShouldBe(401);
        Alert(wrong).ShouldBe(Alert(unknown));
        var sentences = await directory.Column<string>("select sentence from audit_entry where action = 'administrator.sign-in.refuse'");
        sentences.ShouldContain("Sign-in was refused: admin: the password is wrong");
        sentences.ShouldContain("Sign-in was refused: there is no such account");
        (await directory.Scalar<bool>("select exists (select from mt_events where data::text like '%nobody-of-that-name%')")).ShouldBeFalse();

        static string Alert(PageAnswer answer) => answer.Text[answer.Text.IndexOf("role=\"alert\"", StringComparison.Ordinal)..][..150];
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        var administrator = await directory.Administrator();
        var sessions = await directory.Scalar<long>("select count(*) from web_session");

        var answer = await administrator.Submit("/", "sign-out", "/sign-out", []);

        (answer.Status, answer.Location).ShouldBe((302, "/sign-in?ended=1"));
        (await administrator.Get("/")).Status.ShouldBe(302);
        (await directory.Scalar<long>("select count(*) from web_session")).ShouldBe(sessions - 1);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var administrator = await directory.Administrator();

        var answer = await administrator.Post("/sign-out", ("_handler", "sign-out"));

        answer.Status.ShouldBe(403);
        answer.Text.ShouldContain("<h1><bdi>Not allowed</bdi>");
        (await administrator.Get("/")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_session_opens_no_interface_for_machines()
    {
        var administrator = await directory.Administrator();

        (await administrator.Get("/api/scim/v2/Users")).Status.ShouldBe(401);
        (await administrator.Get("/api/audit/entries")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_token_opens_no_page()
    {
        var answer = await directory.Send("GET", "/", null, ("Authorization", $"Bearer {directory.AuditToken}"));

        answer.Status.ShouldBe(302);
    }

    [Fact]
    public async Task Pages_say_what_browsers_must_not_do()
    {
        var answer = await directory.Visitor().Get("/sign-in");

        Header("Content-Security-Policy").Split("; ").ShouldBe(
        [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "font-src 'self'",
            "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
        ]);
        Header("X-Content-Type-Options").ShouldBe("nosniff");
        Header("Referrer-Policy").ShouldBe("no-referrer");
        Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Header("Cache-Control").ShouldContain("no-store");

        string Header(string name) => string.Join(",", answer.Response.Headers.GetValues(name));
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_for_a_browser_and_a_problem_for_a_program()
    {
        var administrator = await directory.Administrator();

        var unknown = await directory.Visitor().Get("/no-such-page");
        var page = await administrator.Get("/no-such-page");
        var problem = await directory.Send("GET", "/api/no-such-endpoint", null, ("Accept", "text/html"), ("Authorization", $"Bearer {directory.AuditToken}"));

        unknown.Location.ShouldBe("/sign-in?returnUrl=%2Fno-such-page");
        page.Status.ShouldBe(404);
        page.Text.ShouldContain("There is nothing at this address.");
        problem.Status.ShouldBe(404);
        problem.Text.ShouldContain("\"status\":404");
    }

    [Fact]
    public async Task The_files_of_the_pages_are_served_to_everybody()
    {
        var form = await directory.Visitor().Get("/sign-in");

        foreach (var file in new[] { "href=\"/(directory\\.[^\"]+\\.css)", "src=\"/(_framework/blazor\\.web\\.[^\"]+js)", "src=\"/(directory\\.[^\"]+js)" })
        {
            var address = System.Text.RegularExpressions.Regex.Match(form.Text, file).Groups[1].Value;
            var answer = await directory.Visitor().Get("/" + address);
            answer.Status.ShouldBe(200, address);
            answer.Text.Length.ShouldBeGreaterThan(1000, address);
        }
    }
}

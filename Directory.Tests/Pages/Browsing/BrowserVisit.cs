using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace Directory.Tests.Pages.Browsing;

/// <summary>How somebody looks at the pages.</summary>
/// <param name="Script">Whether JavaScript runs.</param>
/// <param name="Dark">Whether dark colours are preferred.</param>
/// <param name="Phone">Whether the screen is narrow.</param>
public sealed record BrowserManner(bool Script = true, bool Dark = false, bool Phone = false);

/// <summary>
/// One window of a browser. When it is closed, nothing may have been refused by the Content-Security-Policy, no script may have
/// failed, and nothing may have been asked for elsewhere.
/// </summary>
public sealed class BrowserVisit : IAsyncDisposable
{
    private static readonly List<string> Criteria = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();
    private string? forgiven;

    private BrowserVisit(IBrowserContext context, IPage page, BrowserManner manner) => (this.context, Page, Manner) = (context, page, manner);

    public BrowserManner Manner { get; }

    public IPage Page { get; }

    internal static async Task<BrowserVisit> Begin(IBrowser browser, Uri root, BrowserManner manner)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = root.ToString(),
            JavaScriptEnabled = manner.Script,
            ColorScheme = manner.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = manner.Phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 900 },
            TimezoneId = "Europe/Vienna",
            Locale = "en-GB",
        });
        var page = await context.NewPageAsync();
        var visit = new BrowserVisit(context, page, manner);
        // A machine that does much else is slow, not wrong.
        context.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        // A refusal by status, such as a wrong password's 401, is an answer like any other.
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource: the server responded", StringComparison.Ordinal))
                visit.complaints.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => visit.complaints.Enqueue($"script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(root.ToString(), StringComparison.Ordinal)) visit.complaints.Enqueue($"asked elsewhere: {request.Url}");
        };
        if (manner.Script)
            await context.AddInitScriptAsync(
                "document.addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))");
        return visit;
    }

    public Task GoTo(string path) => Page.GotoAsync(path);

    public async Task SignIn(string name, string password)
    {
        await GoTo("/sign-in");
        await Page.GetByLabel("Name").FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page).Not.ToHaveURLAsync(new Regex("/sign-in"));
        await Page.Locator("h1").WaitForAsync();
    }

    /// <summary>WCAG 2.2 A and AA, as far as a machine can tell (axe, itself a script, so not in a manner without).</summary>
    public async Task ShouldBeAccessible()
    {
        var found = await Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = Criteria } });
        var violations = from rule in found.Violations from node in rule.Nodes select $"{Page.Url} {rule.Id} ({rule.Help}): {node.Html}";
        violations.ShouldBeEmpty();
        found.Passes.ShouldNotBeEmpty("axe has looked at nothing");
    }

    /// <summary>A test that has the browser refuse something says what.</summary>
    /// <param name="directive">The part of the policy that must have been broken, and may be.</param>
    public void Forgive(string directive) => forgiven = directive;

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        if (forgiven is not null) complaints.ShouldContain(c => c.Contains(forgiven, StringComparison.Ordinal));
        complaints.Where(c => forgiven is null || !c.Contains(forgiven, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}

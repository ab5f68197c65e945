using System.Runtime.InteropServices;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Directory.Tests.Pages.Browsing.Chromium))]

namespace Directory.Tests.Pages.Browsing;

/// <summary>The machine's own Chromium, started once for the whole test run when a test first asks for it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Variable = "CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    private static readonly string[] Places =
    [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private readonly SemaphoreSlim turn = new(1, 1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task<IBrowser> Start()
    {
        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            playwright ??= await Playwright.CreateAsync();
            return browser ??= await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Find(),
                ChromiumSandbox = !IsRoot, // root has no sandbox to be in
                Args =
                [
                    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                ],
            });
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        turn.Dispose();
    }

    private static bool IsRoot => !RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && Environment.UserName == "root";

    /// <exception cref="InvalidOperationException">There is none; says what to do.</exception>
    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return named;
        var suffix = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? ".exe" : "";
        var onPath = from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                     from name in Names
                     select Path.Combine(folder, name + suffix);
        return onPath.Concat(Places).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            "The tests of the pages need Chromium, Chrome or Edge on this machine and found none. Install one (Debian: apt-get install chromium; "
            + $"Fedora: dnf install chromium; macOS: brew install --cask chromium), or name its program in the environment variable {Variable}.");
    }
}

using Directory.Tests.Pages.Pictures;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Directory.Tests;

/// <summary>Runs the tests, as the runner's own entry would; with the one word <c>pictures</c> it takes those of the documentation.</summary>
internal static class Entry
{
    public static Task<int> Main(string[] args) =>
        args is ["pictures"] ? Documentation.TakePictures()
        : args.Any(arg => arg is "--server" or "--internal-msbuild-node") ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : ConsoleRunner.Run(args);
}

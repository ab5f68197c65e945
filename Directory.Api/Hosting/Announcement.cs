using Directory.Api.Protocol;

namespace Directory.Api.Hosting;

/// <summary>The one line that says the service is ready, and where.</summary>
public static partial class Announcement
{
    public static void AnnounceWhenReady(this WebApplication app, ResolvedDatabase database)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Directory");
        var publicUrl = app.Services.GetRequiredService<DirectorySettings>().PublicUrl;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var address = publicUrl ?? Reachable(app.Urls.FirstOrDefault() ?? "");
            LogReady(logger, address, address + ScimAddress.Path, database.Description);
        });
    }

    // What stands for every interface is no address to send a request to.
    private static string Reachable(string url) => url
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal);

    [LoggerMessage(10, LogLevel.Information, "Directory is ready at {Address}; base URL for Okta: {BaseUrl}; database: {Database}")]
    private static partial void LogReady(ILogger logger, string address, string baseUrl, string database);
}

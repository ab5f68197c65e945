using MysticMind.PostgresEmbed;

namespace Directory.Api.Hosting;

/// <summary>
/// Fetches PostgreSQL's programs where the machine has none. Only the download is left to the package: the server itself is
/// run like an installed one.
/// </summary>
public static class PostgresDownload
{
    /// <summary>The major version that a new cluster gets.</summary>
    public const int DefaultMajor = 17;

    private const string MavenCentral = "https://repo1.maven.org/maven2";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Folders of earlier downloads, newest first.</summary>
    public static IEnumerable<string> Finished(ClusterFolder folder) => PostgresPlaces.Expand(Path.Combine(folder.Downloads, "postgres-*", "bin"));

    /// <param name="mirror">Address of a Maven repository; null for Maven Central.</param>
    /// <returns>The folder of the programs, or null with the reason for the person who started the service.</returns>
    public static async Task<(string? Folder, string Reason)> TryFetch(
        ClusterFolder folder, int? major, string? mirror, ILogger logger, CancellationToken cancellation)
    {
        // What the package unpacks belongs to the user who runs it, and need not be open to the account that root's server runs as.
        if (Environment.IsPrivilegedProcess)
            return (null, "Nothing is downloaded as root.");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectLimit }) { Timeout = Limit };
        var options = new PgServerOptions
        {
            PgVersion = $"{major ?? DefaultMajor}",
            DbDir = folder.Root,
            BinariesDir = folder.Downloads,
            DownloadRetryCount = 1,
            MavenRepo = mirror ?? MavenCentral,
            HttpClient = client,
            Logger = logger,
        };
        try
        {
            logger.LogInformation("No PostgreSQL found on this machine; downloading version {Version}", options.PgVersion);
            await using var programs = new PgServer(options);
            await programs.InstallAsync(limit.Token);
            return (programs.PgBinDir, "");
        }
        catch (Exception e) when (e is PostgresEmbedException or HttpRequestException or IOException or UnauthorizedAccessException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (null, $"Downloading PostgreSQL failed: {e.Message}");
        }
    }
}

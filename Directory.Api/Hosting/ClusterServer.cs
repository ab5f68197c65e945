using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Directory.Api.Hosting;

/// <summary>
/// Finds, starts and stops the server of a private cluster. The server is not a child of the service: Ctrl+C in a terminal
/// must not reach it before the service has finished its requests. The caller holds the folder's lock.
/// </summary>
public sealed class ClusterServer(
    ClusterFolder folder, ClusterAccount account, PostgresBinaries binaries, ClusterAccess access, ClusterOptions options, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // How often a server that claims to be ready may refuse a connection before its file counts as left behind.
    private const int RefusalsOfTheDead = 40;
    private const int Attempts = 5;

    /// <summary>The port of the server that runs on this folder already, or null when none does.</summary>
    public async Task<int?> FindRunning(CancellationToken cancellation)
    {
        var refusals = 0;
        while (PostmasterFile.Read(folder.Data) is { } file && file.ServerMayLive())
        {
            if (file.Port is { } port)
            {
                var answer = await access.Ask(port, cancellation);
                if (answer == ClusterAnswer.Ours)
                    return port;
                if (answer == ClusterAnswer.Nothing && file.State == "ready")
                    refusals++;
                if (answer == ClusterAnswer.Another || refusals > RefusalsOfTheDead)
                    break;
            }
            await Task.Delay(Pause, cancellation);
        }
        DropFileOfTheDead();
        return null;
    }

    /// <summary>Starts the server.</summary>
    /// <param name="preferredPort">Taken when it is free, so that connection strings stay valid over a restart.</param>
    /// <returns>The port it listens at.</returns>
    /// <exception cref="DatabaseUnavailableException">It does not start; the message ends with the last lines of its log.</exception>
    public async Task<int> Start(int? preferredPort, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = preferredPort is { } wanted && IsFree(wanted) ? wanted : FreePort();
            await Configure(port, cancellation);
            var result = await PgCtl(["start", "--wait", "--log", folder.Log, "--timeout", Seconds(options.StartLimit)], cancellation);
            if (result.Succeeded)
                return port;

            // Processes of a killed server may still hold its memory for a moment; a port may have been taken meanwhile.
            var tail = folder.LogTail();
            var mayPass = tail.Contains("is still in use", StringComparison.Ordinal) || !IsFree(port);
            if (attempt == Attempts || !mayPass)
                throw new DatabaseUnavailableException($"PostgreSQL {binaries.Version} does not start on '{folder.Data}': {result.Output}\n{tail}");
            logger.LogWarning("PostgreSQL did not start at attempt {Attempt}; trying again", attempt);
            await Task.Delay(TimeSpan.FromSeconds(attempt), cancellation);
        }
    }

    /// <summary>Ends all sessions, writes everything to disk and ends the server.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        var result = await PgCtl(["stop", "--mode", "fast", "--wait", "--timeout", Seconds(options.StopLimit)], cancellation);
        if (!result.Succeeded)
            logger.LogWarning("The private PostgreSQL server did not stop in time and goes on stopping: {Output}", result.Output);
    }

    private async Task Configure(int port, CancellationToken cancellation)
    {
        folder.PrepareLog();
        await account.Give(folder.Log, cancellation);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var text = ClusterSettings.Render(port, options.Durable, memory, await WalCompression(cancellation));
        await File.WriteAllTextAsync(Path.Combine(folder.Data, ClusterSettings.FileName), text, cancellation);
    }

    // LZ4 is cheaper than PostgreSQL's own method, but a server may be built without it, and would not start with it.
    private async Task<string> WalCompression(CancellationToken cancellation)
    {
        string[] question = ["-D", folder.Data, "-c", "wal_compression=lz4", "-C", "wal_compression"];
        var result = await PostgresTool.Run(binaries.Postgres, question, folder.Data, account.Name, cancellation);
        return result.Succeeded ? "lz4" : "on";
    }

    private Task<ToolResult> PgCtl(IEnumerable<string> arguments, CancellationToken cancellation) =>
        PostgresTool.Run(binaries.PgCtl, [.. arguments, "--silent", "--pgdata", folder.Data], folder.Data, account.Name, cancellation);

    // The server itself removes a file whose process is gone. It refuses to start while any process has that number.
    private void DropFileOfTheDead()
    {
        if (PostmasterFile.Read(folder.Data) is not { } file || !file.NumberIsTaken())
            return;
        logger.LogInformation("Process {Process} is not the server of {Folder}; dropping the file of one that died", file.ProcessId, folder.Data);
        File.Delete(PostmasterFile.PathIn(folder.Data));
    }

    private static bool IsFree(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // A port whose old connections still linger can be listened at again, and the server does so.
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Seconds(TimeSpan time) => ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

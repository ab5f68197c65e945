using Npgsql;

namespace Directory.Api.Hosting;

/// <summary>
/// A PostgreSQL server of the service's own, on data that is kept between runs. Any number of processes may use one folder:
/// the first starts the server, the others find it, and the last one that leaves stops it. A server that a killed process
/// left running is used again, and one that dies while it is in use is started again at the same port.
/// </summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ClusterFolder folder;
    private readonly ClusterAccess access;
    private readonly ClusterServer server;
    private readonly ClusterOptions options;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private ClusterLease? lease;
    private Task watching = Task.CompletedTask;
    private int port;

    private PrivateCluster(ClusterFolder folder, ClusterAccess access, ClusterServer server, ClusterOptions options, ILogger logger)
    {
        this.folder = folder;
        this.access = access;
        this.server = server;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>Where everything of the cluster lies.</summary>
    public string Folder => folder.Root;

    /// <summary>The database of the service, with the password.</summary>
    public string ConnectionString => access.ConnectionString(port);

    /// <summary>Another database of the same server, with the password.</summary>
    public string ConnectionStringTo(string database) => access.ConnectionString(port, database);

    /// <summary>Creates the cluster where there is none, starts or finds its server, and creates the service's database.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be done, or not within <see cref="ClusterOptions.StartLimit"/>.</exception>
    public static async Task<PrivateCluster> Start(
        ClusterOptions options, PostgresBinaries binaries, ILogger logger, CancellationToken cancellation)
    {
        var folder = new ClusterFolder(Path.GetFullPath(options.Folder));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.StartLimit);
        try
        {
            var account = ClusterAccount.Choose();
            await folder.Prepare(account, limit.Token);
            using var held = await ClusterLock.Take(folder.LockFile, limit.Token);
            if (folder.Major is null)
            {
                logger.LogInformation("Creating a private PostgreSQL {Version} cluster in {Folder}", binaries.Version, folder.Root);
                await ClusterCreation.Create(folder, binaries, account, options.Durable, limit.Token);
            }
            var access = new ClusterAccess(folder, folder.Password());
            var server = new ClusterServer(folder, account, binaries, access, options, logger);
            var cluster = new PrivateCluster(folder, access, server, options, logger);
            await cluster.Join(preferredPort: null, limit.Token);
            cluster.watching = cluster.Watch();
            return cluster;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException(
                $"The private PostgreSQL server in '{folder.Root}' was not ready after {options.StartLimit}.\n{folder.LogTail()}", e);
        }
        catch (NpgsqlException e)
        {
            throw new DatabaseUnavailableException(
                $"The private PostgreSQL server in '{folder.Root}' refuses its work: {e.Message}\n{folder.LogTail()}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException(
                $"The data folder '{folder.Root}' cannot be used; does it belong to another user? {e.Message}", e);
        }
    }

    /// <summary>Gives up this process's use of the server, and stops it when no other process uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await watching;
        using var limit = new CancellationTokenSource(options.StopLimit);
        try
        {
            using var held = await ClusterLock.Take(folder.LockFile, limit.Token);
            if (lease is null || await lease.IsTheOnlyOne(limit.Token))
                await server.Stop(limit.Token);
            else
                logger.LogInformation("Another process uses the private PostgreSQL server in {Folder}; it goes on running", folder.Root);
            if (lease is not null)
                await lease.DisposeAsync(); // while the lock is held: the next one to leave must not take this one for a user
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException or DatabaseUnavailableException)
        {
            // The data is safe either way, and the next start takes over whatever still runs.
            logger.LogWarning(e, "The private PostgreSQL server in {Folder} was not stopped", folder.Root);
        }
        finally
        {
            if (lease is not null)
                await lease.DisposeAsync();
            stopping.Dispose();
        }
    }

    private async Task Join(int? preferredPort, CancellationToken cancellation)
    {
        if (await server.FindRunning(cancellation) is { } running)
        {
            port = running;
            logger.LogInformation("Using the private PostgreSQL server that runs already in {Folder} at port {Port}", folder.Root, port);
        }
        else
        {
            port = await server.Start(preferredPort, cancellation);
            logger.LogInformation("Started the private PostgreSQL server in {Folder} at port {Port}", folder.Root, port);
        }
        await access.CreateDatabase(port, cancellation);
        lease = await ClusterLease.Open(access, port, cancellation);
    }

    private async Task Watch()
    {
        try
        {
            while (true)
            {
                if (lease is not null)
                {
                    await lease.UntilBroken(stopping.Token);
                    await lease.DisposeAsync();
                    lease = null;
                    logger.LogWarning("The private PostgreSQL server in {Folder} has ended its connections; looking after it", folder.Root);
                }
                await Revive();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The service leaves; DisposeAsync goes on from here.
        }
    }

    private async Task Revive()
    {
        try
        {
            using var held = await ClusterLock.Take(folder.LockFile, stopping.Token);
            var before = port;
            await Join(before, stopping.Token);
            if (port != before)
                logger.LogCritical("The private PostgreSQL server had to move from port {Before} to {Port}: restart the service", before, port);
        }
        catch (Exception e) when (e is NpgsqlException or DatabaseUnavailableException or IOException)
        {
            logger.LogError(e, "The private PostgreSQL server in {Folder} cannot be brought back; trying again", folder.Root);
            await Task.Delay(PauseAfterFailure, stopping.Token);
        }
    }
}

using System.Diagnostics;
using Directory.Api.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Directory.Tests.Hosting;

/// <summary>A folder for one private cluster, and the means to be rough with it. Stops the server and deletes the folder at the end.</summary>
public sealed class ClusterUnderTest : IAsyncDisposable
{
    private readonly PostgresBinaries binaries;

    private readonly ClusterOptions options;

    private ClusterUnderTest(PostgresBinaries binaries, bool durable)
    {
        this.binaries = binaries;
        options = new ClusterOptions(TemporaryFolder.NewName()) { Durable = durable };
        Folder = new ClusterFolder(options.Folder);
    }

    public ClusterFolder Folder { get; }
    public PostmasterFile? Postmaster => PostmasterFile.Read(Folder.Data);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="durable">Needed where the server is killed and its data must still be there.</param>
    public static async Task<ClusterUnderTest> Prepare(bool durable = false) =>
        await LocalPostgres.Find(Cancellation) is { } binaries
            ? new ClusterUnderTest(binaries, durable)
            : throw DatabaseUnavailableException.NothingFound("These tests run PostgreSQL's own programs.");

    public Task<PrivateCluster> Start() => PrivateCluster.Start(options, binaries, NullLogger.Instance, Cancellation);

    /// <summary>Starts the server and leaves it alone, as a service does that is killed.</summary>
    /// <returns>Its port.</returns>
    public Task<int> StartAndAbandon() => Server().Start(preferredPort: null, Cancellation);

    /// <summary>Ends the server as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task Kill()
    {
        using var server = Process.GetProcessById(Postmaster!.ProcessId);
        server.Kill();
        await server.WaitForExitAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Postmaster is { } left && left.ServerMayLive())
            await Server().Stop(CancellationToken.None);
        TemporaryFolder.Delete(Folder.Root);
    }

    public static async Task<object?> Ask(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>Asks a server that is on its way back, for a minute at most.</summary>
    public static async Task<object?> AskUntilAnswered(string connectionString, string sql)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await Ask(connectionString, sql);
            }
            catch (NpgsqlException) when (!limit.IsCancellationRequested)
            {
                continue;
            }
        }
    }

    private ClusterServer Server() =>
        new(Folder, ClusterAccount.Choose(), binaries, new ClusterAccess(Folder, Folder.Password()), options, NullLogger.Instance);
}

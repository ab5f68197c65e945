using Npgsql;

namespace Directory.Api.Hosting;

/// <summary>
/// One open connection that a process keeps as long as it uses a private cluster. It shows other processes that the server is
/// needed, which a pool does not, since an idle pool empties; and it is the first to notice that the server has died.
/// </summary>
public sealed class ClusterLease : IAsyncDisposable
{
    private const string ApplicationName = "directory lease";

    // The session of a process that has just left stays listed for a moment.
    private const int Looks = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly NpgsqlConnection connection;

    private ClusterLease(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<ClusterLease> Open(ClusterAccess access, int port, CancellationToken cancellation)
    {
        var connection = access.Connect(port, ClusterAccess.Database, ApplicationName);
        try
        {
            await connection.OpenAsync(cancellation);
            return new ClusterLease(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the server has ended the connection.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the server still lives.</exception>
    public async Task UntilBroken(CancellationToken cancellation)
    {
        try
        {
            while (true)
                await connection.WaitAsync(cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            return;
        }
    }

    /// <summary>Whether no other process holds a lease.</summary>
    public async Task<bool> IsTheOnlyOne(CancellationToken cancellation)
    {
        const string others = "select count(*) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()";
        await using var command = new NpgsqlCommand(others, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = ApplicationName } },
        };
        for (var look = 1; await command.ExecuteScalarAsync(cancellation) is not 0L; look++)
        {
            if (look == Looks)
                return false;
            await Task.Delay(Pause, cancellation);
        }
        return true;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}

using Directory.Projections.Provisioning;
using Npgsql;

namespace Directory.Api.Admin.Provisioning;

/// <summary>
/// Hears from the database when an administrator, on whatever node, has changed a switch, a connection or a token, and makes this node
/// look again. While nothing can be heard, answers grow no older than <see cref="TokenStore"/> keeps them.
/// </summary>
public sealed partial class ProvisioningSignal(NpgsqlDataSource database, TokenStore tokens, ILogger<ProvisioningSignal> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _hearing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when this node hears for the first time.</summary>
    public Task Hearing => _hearing.Task;

    /// <summary>
    /// This node has forgotten its answers, because it heard of a version of a provisioning stream (<c>id/version</c>), or because it may
    /// have missed some (empty).
    /// </summary>
    public event Action<string>? Heard;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await Hear(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                LogDeaf(logger, e);
                await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The service stops.
            }
    }

    private async Task Hear(CancellationToken stopping)
    {
        await using var connection = await database.OpenConnectionAsync(stopping);
        connection.Notification += (_, told) => Forget(told.Payload);
        await Execute(connection, $"listen {ProvisioningChannel.Name}", stopping);
        Forget(""); // what was said before is missed
        _hearing.TrySetResult();
        try
        {
            while (true) await connection.WaitAsync(stopping);
        }
        finally
        {
            // The connection goes back to those that are used for queries.
            if (connection.FullState == System.Data.ConnectionState.Open) await Execute(connection, "unlisten *", CancellationToken.None);
        }
    }

    private void Forget(string told)
    {
        tokens.Forget();
        Heard?.Invoke(told);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(42, LogLevel.Warning, "Changes to tokens and switches are not heard at once for now, but within two seconds")]
    private static partial void LogDeaf(ILogger logger, Exception exception);
}

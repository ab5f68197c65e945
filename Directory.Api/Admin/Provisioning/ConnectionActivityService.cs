using Directory.Projections.Provisioning;
using Npgsql;

namespace Directory.Api.Admin.Provisioning;

/// <summary>Writes what was noted of connections and tokens every few seconds, and what is left when the service stops.</summary>
public sealed partial class ConnectionActivityService(ConnectionActivity activity, BrakeHistory brakes, ILogger<ConnectionActivityService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private const int TidyEvery = 720; // an hour

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            for (var turn = 0L; await timer.WaitForNextTickAsync(stoppingToken); turn++)
                await Try(turn % TidyEvery == 0 ? WriteAndTidy : activity.Write);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Try(activity.Write);
        }
    }

    private async Task WriteAndTidy(CancellationToken cancellation)
    {
        await activity.Write(cancellation);
        await brakes.Tidy(cancellation);
    }

    private async Task Try(Func<CancellationToken, Task> write)
    {
        try
        {
            await write(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            LogFailure(logger, e);
        }
    }

    [LoggerMessage(43, LogLevel.Warning, "When connections and tokens were used could not be written")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}

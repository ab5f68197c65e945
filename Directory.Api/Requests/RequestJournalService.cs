using Directory.Api.Hosting;
using Directory.Projections.Requests;
using Npgsql;

namespace Directory.Api.Requests;

/// <summary>Writes the journal while the service runs, and once an hour removes what is past its time.</summary>
public sealed partial class RequestJournalService(
    RequestJournal journal, DirectorySettings settings, TimeProvider clock, ILogger<RequestJournalService> logger) : BackgroundService
{
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await Task.WhenAll(Task.Run(() => journal.Run(stoppingToken), CancellationToken.None), Purge(stoppingToken));

    private async Task Purge(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PurgeEvery);
        try
        {
            do
                try
                {
                    var now = clock.GetUtcNow();
                    await journal.Purge(now.AddDays(-settings.RequestLogDays), now.AddDays(-settings.AccessLogDays), stopping);
                }
                catch (NpgsqlException e)
                {
                    LogFailure(logger, e);
                }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    [LoggerMessage(25, LogLevel.Warning, "Old records of requests could not be removed; it is tried again in an hour")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}

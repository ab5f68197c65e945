using Directory.Projections.Activity;
using Directory.Projections.Audit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>
/// Runs <see cref="AuditWatch"/> every second, on every node; and makes the node not ready while an event has no entry in the audit, or
/// while the watch itself does not run.
/// </summary>
public sealed partial class AuditWatchService(AuditWatch watch, ActivityCount activity, TimeProvider clock, ILogger<AuditWatchService> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Overdue = TimeSpan.FromMinutes(1);

    private long _advanced = clock.GetTimestamp();
    private string? _told;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var progress = watch.Progress;
        var since = clock.GetElapsedTime(Volatile.Read(ref _advanced));
        return Task.FromResult(
            progress.Fault is { } fault ? HealthCheckResult.Unhealthy(fault)
            : since > Overdue ? HealthCheckResult.Unhealthy($"The audit has not been checked for {since.TotalSeconds:0} s.")
            : HealthCheckResult.Healthy($"Every event up to {progress.Through} is in the audit."));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Poll);
        try
        {
            do
                try
                {
                    var progress = await watch.Advance(stoppingToken);
                    await activity.Advance(progress.Through, stoppingToken);
                    Volatile.Write(ref _advanced, clock.GetTimestamp());
                    if (progress.Fault is { } fault && fault != _told) LogFault(logger, fault);
                    _told = progress.Fault;
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    LogFailure(logger, e);
                }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    [LoggerMessage(30, LogLevel.Critical, "The audit is not complete: {Fault}")]
    private static partial void LogFault(ILogger logger, string fault);

    [LoggerMessage(31, LogLevel.Warning, "The audit could not be checked and is tried again")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}

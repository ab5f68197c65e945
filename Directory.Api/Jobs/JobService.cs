using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections.Jobs;
using Npgsql;

namespace Directory.Api.Jobs;

/// <summary>Runs the jobs that wait, on every node; each job on one of them. See docs/jobs.md.</summary>
public sealed partial class JobService(
    IEnumerable<IJobKind> kinds, JobLeases leases, JobTable table, TimeProvider clock, JobSignal signal, ILogger<JobService> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), LastWord = TimeSpan.FromSeconds(5), Kept = TimeSpan.FromDays(90);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<string, IJobKind> _kinds = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, (JobRun Run, CancellationTokenSource Stop, Task Work)> _running = [];
    private long? _purged;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Renew(stoppingToken);
                await Tidy(stoppingToken);
                while (await leases.Claim(_kinds.Keys, stoppingToken) is { } job) Begin(job, stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or UnauthorizedAccessException)
            {
                LogFailure(logger, e);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            await signal.Wait(Poll, stoppingToken);
        }

        await Task.WhenAll(_running.Values.Select(r => r.Work));
    }

    private void Begin(Job job, CancellationToken stopping)
    {
        var run = new JobRun(job, leases);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // Registered before it begins, so that it is renewed from the first moment.
        var begun = new TaskCompletionSource();
        _running[job.Id] = (run, stop, Work(begun.Task, run, stop, stopping));
        begun.SetResult();
    }

    private async Task Work(Task begun, JobRun run, CancellationTokenSource stop, CancellationToken stopping)
    {
        await begun.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var (state, result, error) = await Outcome(run, stop.Token, stopping);
        _running.TryRemove(run.Job.Id, out _);
        using var limit = new CancellationTokenSource(LastWord);
        try
        {
            // The last report, and the end unless the job wrote it itself.
            var (phase, done, total) = run.Progress;
            if (!run.IsCompleted || state != JobState.Done)
            {
                await leases.Renew(run.Job.Id, phase, done, total, limit.Token);
                await leases.End(run.Job.Id, state, result, error, limit.Token);
            }

            LogEnd(logger, run.Job.Kind, run.Job.Id, state);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            LogFailure(logger, e); // the lease runs out, and the job is marked then
        }
        finally
        {
            stop.Dispose();
            signal.Ended();
        }
    }

    private async Task<(string State, JsonNode? Result, string? Error)> Outcome(
        JobRun run, CancellationToken cancellation, CancellationToken stopping)
    {
        try
        {
            return (JobState.Done, await _kinds[run.Job.Kind].Run(run, cancellation), null);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return (JobState.Interrupted, null, "The service was stopped. Start it again.");
        }
        catch (Exception e) when (cancellation.IsCancellationRequested || e is JobLostException)
        {
            return (JobState.Cancelled, null, null);
        }
        catch (ScimException refusal)
        {
            return (JobState.Failed, null, refusal.Error.Detail);
        }
        catch (Exception e)
        {
            LogFault(logger, e, run.Job.Kind, run.Job.Id);
            return (JobState.Failed, null, e is NpgsqlException ? "The database failed. Start it again." : "It failed on the server; the log tells why under the id of the job.");
        }
    }

    private async Task Renew(CancellationToken cancellation)
    {
        foreach (var (id, (run, stop, _)) in _running)
        {
            var (phase, done, total) = run.Progress;
            if (await leases.Renew(id, phase, done, total, cancellation) && _running.ContainsKey(id)) Stop(stop);
        }
    }

    private static void Stop(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    private async Task Tidy(CancellationToken cancellation)
    {
        if (await leases.Sweep(cancellation) is > 0 and var swept) LogSwept(logger, swept);
        if (_purged is { } last && clock.GetElapsedTime(last) < PurgeEvery) return;
        var now = clock.GetUtcNow();
        await table.Purge(now - Kept, cancellation);
        foreach (var kind in _kinds.Values) await kind.Tidy(now, cancellation);
        _purged = clock.GetTimestamp();
    }

    [LoggerMessage(50, LogLevel.Information, "Job {Kind} {Id}: {State}")]
    private static partial void LogEnd(ILogger logger, string kind, Guid id, string state);

    [LoggerMessage(51, LogLevel.Warning, "{Count} jobs were interrupted: the node that ran them fell silent")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(52, LogLevel.Error, "Job {Kind} {Id} failed")]
    private static partial void LogFault(ILogger logger, Exception exception, string kind, Guid id);

    [LoggerMessage(53, LogLevel.Warning, "The jobs could not be looked after; it is tried again")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}

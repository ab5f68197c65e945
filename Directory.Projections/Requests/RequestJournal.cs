using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Directory.Projections.Requests;

/// <summary>
/// Takes in what is known of a request when it has been answered, and writes it behind the requests, in bulk. A request pays for
/// handing over a record. What has not been written yet is lost in a crash, and at most a quarter of a second old; what the database
/// cannot take is kept while there is room for it. The audit itself does not depend on it.
/// </summary>
public sealed partial class RequestJournal(NpgsqlDataSource database, TimeProvider clock, ILogger<RequestJournal> logger) : IDisposable
{
    private const int Room = 16_384, Batch = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250), CountFor = TimeSpan.FromMinutes(1), RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<object> _items = Channel.CreateBounded<object>(new BoundedChannelOptions(Room) { SingleReader = true });
    private readonly SemaphoreSlim _hurry = new(0);
    private readonly RefusalCount _refusals = new();
    private long _dropped;

    /// <summary>Never waits: when there is no room the record is dropped, and the log says how many were.</summary>
    public void Add(RequestRecord record)
    {
        if (!_items.Writer.TryWrite(record)) Interlocked.Increment(ref _dropped);
    }

    /// <summary>Waits for room: who reads the audit is always recorded.</summary>
    public ValueTask Add(AccessRecord record, CancellationToken cancellation) => _items.Writer.WriteAsync(record, cancellation);

    /// <summary>Returns when all that was added on this node before is in the database.</summary>
    public async Task Flush(CancellationToken cancellation)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _items.Writer.WriteAsync(written, cancellation);
        _hurry.Release();
        await written.Task.WaitAsync(cancellation);
    }

    /// <summary>Writes until it is told to stop, and then what is left.</summary>
    public async Task Run(CancellationToken stopping)
    {
        var countedSince = clock.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            await Something(stopping);
            var due = clock.GetElapsedTime(countedSince) >= CountFor;
            if (due) countedSince = clock.GetTimestamp();
            await WriteBatch(due, stopping);
            if (_items.Reader.Count < Batch / 2) await Rest(Pause, stopping);
        }

        while (_items.Reader.TryPeek(out _)) await WriteBatch(withCounts: true, CancellationToken.None);
        if (!_refusals.IsEmpty) await WriteBatch(withCounts: true, CancellationToken.None);
    }

    /// <summary>Removes the records that are older.</summary>
    public async Task Purge(DateTimeOffset requestsBefore, DateTimeOffset accessBefore, CancellationToken cancellation)
    {
        var requests = await RecordTables.Purge(database, "request_log", requestsBefore, cancellation);
        var access = await RecordTables.Purge(database, "access_log", accessBefore, cancellation);
        if (requests + access > 0) LogPurged(logger, requests, access);
    }

    public void Dispose() => _hurry.Dispose();

    private async Task WriteBatch(bool withCounts, CancellationToken stopping)
    {
        var (requests, access, waiting) = (new List<RequestRecord>(), new List<AccessRecord>(), new List<TaskCompletionSource>());
        while (requests.Count + access.Count < Batch && _items.Reader.TryRead(out var item))
            switch (item)
            {
                case RequestRecord { IsCounted: true } refusal: _refusals.Add(refusal); break;
                case RequestRecord request: requests.Add(request); break;
                case AccessRecord record: access.Add(record); break;
                case TaskCompletionSource written: waiting.Add(written); break;
            }

        if (withCounts || waiting.Count > 0) requests.AddRange(_refusals.Take());
        await Write(requests, access, stopping);
        foreach (var written in waiting) written.TrySetResult();
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) LogDropped(logger, dropped);
    }

    private async Task Write(List<RequestRecord> requests, List<AccessRecord> access, CancellationToken stopping)
    {
        if (requests.Count + access.Count == 0) return;
        while (true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                await RecordTables.Store(connection, requests, CancellationToken.None);
                await RecordTables.Store(connection, access, CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
                return;
            }
            catch (PostgresException e) when (!e.IsTransient)
            {
                LogLost(logger, e, requests.Count + access.Count);
                return;
            }
            catch (NpgsqlException e) when (stopping.IsCancellationRequested)
            {
                LogLost(logger, e, requests.Count + access.Count);
                return;
            }
            catch (NpgsqlException)
            {
                await Rest(RetryAfter, stopping);
            }
        }
    }

    private async Task Something(CancellationToken stopping)
    {
        using var counted = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (!_refusals.IsEmpty) counted.CancelAfter(CountFor);
        try
        {
            await _items.Reader.WaitToReadAsync(counted.Token);
        }
        catch (OperationCanceledException)
        {
            // What has been counted is due, or the service stops.
        }
    }

    /// <summary>Lets records gather, unless somebody waits for them.</summary>
    private async Task Rest(TimeSpan time, CancellationToken stopping)
    {
        try
        {
            await _hurry.WaitAsync(time, stopping);
        }
        catch (OperationCanceledException)
        {
            // What is left is written at once.
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "{Count} requests were not recorded: there were more than could be written")]
    private static partial void LogDropped(ILogger logger, long count);

    [LoggerMessage(21, LogLevel.Error, "{Count} records of requests could not be written and are lost")]
    private static partial void LogLost(ILogger logger, Exception exception, int count);

    [LoggerMessage(22, LogLevel.Information, "Removed {Requests} records of requests and {Access} of access, which were past their time")]
    private static partial void LogPurged(ILogger logger, long requests, long access);
}

using System.Diagnostics;
using Npgsql;

namespace Directory.Projections.Streams;

/// <summary>
/// The database's clock, without a round trip for each reading: the difference to this machine is measured at the start and again
/// every <see cref="Interval"/>, and a monotonic counter runs in between. So all nodes stamp events by one clock, and a jump of a
/// node's own clock moves nothing. Readings are UTC and whole microseconds, as PostgreSQL stores them.
/// </summary>
public sealed class DirectoryClock : TimeProvider, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource _database;
    private readonly Timer _timer;
    private Reading _reading;

    private DirectoryClock(NpgsqlDataSource database, Reading first)
    {
        _database = database;
        _reading = first;
        _timer = new Timer(_ => _ = Measure(), null, Interval, Interval);
    }

    public static async Task<DirectoryClock> Start(NpgsqlDataSource database, CancellationToken cancellation) =>
        new(database, await Read(database, cancellation));

    public override DateTimeOffset GetUtcNow()
    {
        var reading = Volatile.Read(ref _reading);
        var now = reading.Time + Stopwatch.GetElapsedTime(reading.Timestamp);
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }

    public void Dispose() => _timer.Dispose();

    private async Task Measure()
    {
        try
        {
            Volatile.Write(ref _reading, await Read(_database, CancellationToken.None));
        }
        catch (NpgsqlException)
        {
            // The counter runs on from the last reading; the next measurement comes in half a minute.
        }
    }

    private static async Task<Reading> Read(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        var before = Stopwatch.GetTimestamp();
        var time = (DateTime)(await command.ExecuteScalarAsync(cancellation))!;
        var after = Stopwatch.GetTimestamp();
        return new Reading(time, before + (after - before) / 2);
    }

    private sealed record Reading(DateTime Time, long Timestamp);
}

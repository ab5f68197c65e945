using Npgsql;

namespace Directory.Projections.Audit;

/// <summary>
/// How far the sequence is settled: nothing that commits later can lie at or below it. Whoever takes a sequence number holds a lock on
/// the sequence from before he takes it until he has committed or rolled back; so a number is settled when all who held that lock
/// just after it was the last one are gone. See docs/decisions/0040-stable-sequence.md.
/// </summary>
public sealed class StableSequence(NpgsqlDataSource database) : IDisposable
{
    private const int MostSamples = 64;

    private const string Last = "select case when is_called then last_value else 0 end from mt_events_sequence";

    private const string Holders = """
        select virtualtransaction from pg_locks
        where locktype = 'relation' and relation = 'mt_events_sequence'::regclass and mode = 'RowExclusiveLock' and granted
            and database = (select oid from pg_database where datname = current_database())
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<Sample> _samples = [];
    private long _settled;

    /// <summary>The highest sequence number known to be settled, without asking again.</summary>
    public long Known => Volatile.Read(ref _settled);

    /// <summary>Asks how far the sequence is settled now.</summary>
    public async Task<long> Read(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var (last, holders) = await Look(cancellation);
            if (_samples.Count == 0 || _samples[^1].Last < last)
            {
                // While one transaction stays open for long, all samples wait for it: those in the middle are worth little.
                if (_samples.Count == MostSamples) _samples.RemoveAt(MostSamples - 1);
                _samples.Add(new Sample(last, holders));
            }

            var settled = _samples.FindLastIndex(s => !s.Holders.Overlaps(holders));
            if (settled >= 0)
            {
                Volatile.Write(ref _settled, Math.Max(_settled, _samples[settled].Last));
                _samples.RemoveRange(0, settled + 1);
            }

            return _settled;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The number first, its holders after it: the other way round a writer could take one in between and be seen by neither.</summary>
    private async Task<(long Last, HashSet<string> Holders)> Look(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var number = new NpgsqlCommand(Last, connection);
        var last = (long)(await number.ExecuteScalarAsync(cancellation))!;
        await using var command = new NpgsqlCommand(Holders, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var holders = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation)) holders.Add(rows.GetString(0));
        return (last, holders);
    }

    private sealed record Sample(long Last, HashSet<string> Holders);
}

using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>Where the audit stands behind the writes.</summary>
/// <param name="Through">All events up to this sequence number have their entry, and can be found by every filter at full speed.</param>
/// <param name="Settled">How far the sequence is settled.</param>
/// <param name="Fault">Why it goes no further, null if nothing is wrong.</param>
public sealed record AuditProgress(long Through, long Settled, string? Fault)
{
    public static readonly AuditProgress None = new(0, 0, null);
}

/// <summary>
/// Follows the settled part of the sequence, on one node at a time: checks that every event has its entry, and writes the terms and
/// spans that searches use. It never passes over an event: at one without an entry it stops and says so, until the entry is there.
/// </summary>
public sealed class AuditWatch(NpgsqlDataSource database, StableSequence sequence)
{
    private const int Batch = 1_000, SpanLength = 4_096;

    private const string Missing = """
        select m.seq_id, m.type from mt_events m
        where m.seq_id > $1 and m.seq_id <= $2 and m.type <> 'tombstone'
            and not exists (select from audit_entry a where a.id = m.id and a.seq = m.seq_id)
        order by m.seq_id limit 1
        """;

    private const string Entries = $"""
        select {StoredEntry.Columns} from mt_events m join audit_entry e on e.id = m.id
        where m.seq_id > $1 and m.seq_id <= $2
        """;

    private const string StoreSpan = """
        with last as (
            update audit_span s set last_seq = $2, first_time = least(s.first_time, $3), last_time = greatest(s.last_time, $4)
            where s.first_seq = (select max(first_seq) from audit_span) and $2 - s.first_seq < $5 returning 1)
        insert into audit_span (first_seq, last_seq, first_time, last_time) select $1, $2, $3, $4 where not exists (select from last)
        """;

    private AuditProgress _progress = AuditProgress.None;

    public AuditProgress Progress => Volatile.Read(ref _progress);

    /// <summary>Goes as far as it can; called again and again.</summary>
    public async Task<AuditProgress> Advance(CancellationToken cancellation)
    {
        var settled = await sequence.Read(cancellation);
        while (true)
        {
            var progress = await Step(settled, cancellation);
            Volatile.Write(ref _progress, progress);
            if (progress.Fault is not null || progress.Through >= settled) return progress;
        }
    }

    private async Task<AuditProgress> Step(long settled, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await AuditTermRows.TakeTurn(connection, cancellation);
        var through = await Through(connection, cancellation);
        var to = Math.Min(settled, through + Batch);
        if (to <= through) return new AuditProgress(through, settled, null);

        var fault = await FirstMissing(connection, through, to, cancellation);
        if (fault is { } missing) to = missing.Sequence - 1;
        if (to > through)
        {
            var entries = await Read(connection, through, to, cancellation);
            await AuditTermRows.Store(connection, entries, cancellation);
            await StoreRun(connection, through + 1, to, [.. entries.Select(e => e.Time)], cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return new AuditProgress(to, settled, fault is null ? null
            : $"The event {fault.Value.Sequence} of type '{fault.Value.Type}' has no entry in the audit; it is not passed over."
                + (DirectoryStore.EventNames.Values.Contains(fault.Value.Type) ? "" : " This version knows no such type."));
    }

    internal static async Task<long> Through(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select coalesce((select last_seq from audit_span order by first_seq desc limit 1), 0)", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<(long Sequence, string Type)?> FirstMissing(NpgsqlConnection connection, long from, long to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Missing, connection);
        Range(command, from, to);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetInt64(0), row.GetString(1)) : null;
    }

    private static async Task<List<StoredEntry>> Read(NpgsqlConnection connection, long from, long to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Entries, connection);
        Range(command, from, to);
        var entries = new List<StoredEntry>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) entries.Add(StoredEntry.Read(rows));
        return entries;
    }

    /// <summary>Adds a run to the last one, or begins another; the times are those of the entries in it.</summary>
    internal static async Task StoreRun(
        NpgsqlConnection connection, long first, long last, IReadOnlyCollection<DateTimeOffset> times, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(StoreSpan, connection);
        Range(command, first, last);
        Add(command, times.Count == 0 ? DBNull.Value : times.Min(), NpgsqlDbType.TimestampTz);
        Add(command, times.Count == 0 ? DBNull.Value : times.Max(), NpgsqlDbType.TimestampTz);
        Add(command, (long)SpanLength, NpgsqlDbType.Bigint);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Range(NpgsqlCommand command, long from, long to)
    {
        Add(command, from, NpgsqlDbType.Bigint);
        Add(command, to, NpgsqlDbType.Bigint);
    }

    private static void Add(NpgsqlCommand command, object value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}

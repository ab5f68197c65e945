using System.Globalization;
using Directory.Domain.Integrity;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// Reads the history piece by piece, and the audit beside it on a connection of its own, and hands out the work that is to be done with
/// each piece.
/// </summary>
internal sealed class HistoryReader(
    NpgsqlConnection history, NpgsqlConnection audit, BlockVerification blocks, Erasures erasures, AuditComparison comparison)
{
    // Small enough that what is in work does not live long.
    private const int PieceSize = 500;

    // More rows than there should be are a finding at the first of them; how many there are is not worth the memory.
    private const int Surplus = 1_000;

    private const string Unsealed = $"""
        select {EventRows.Columns} from mt_events e where e.seq_id > $1 and {EventRows.AreEvents} order by e.seq_id limit $2
        """;

    private const string Sealed = $"""
        select {EventRows.Columns} from mt_events e where e.seq_id between $1 and $2 and {EventRows.AreEvents} order by e.seq_id limit $3
        """;

    private const string Leaves = """
        select l.seq, l.through, l.commitment, l.leaf, s.salt
        from seal_leaf l left join (select * from event_salt where seq between $1 and $2) s on s.seq = l.seq
        where l.seq between $1 and $2 order by l.seq limit $3
        """;

    private const string Entries = "select a.seq, record_send(a) from public.audit_entry a where a.tenant_id = any($1) and a.seq between $2 and $3 limit $4";

    private (Func<IReadOnlyDictionary<long, byte[]>, VerifiedPiece> Work, Task<IReadOnlyDictionary<long, byte[]>> Rows)? _waiting;

    /// <param name="from">Sealed events are read in whole blocks, as far as one of their numbers is not below this.</param>
    /// <param name="to">As far as one of their numbers is not above this.</param>
    /// <param name="work">Takes in each piece of work, which may be done at any time.</param>
    /// <param name="cancellation">Given up.</param>
    public async Task Read(long from, long to, Func<Func<VerifiedPiece>, Task> work, CancellationToken cancellation)
    {
        try
        {
            while (await blocks.Next(cancellation) is { Count: > 0 } page)
            {
                IReadOnlyList<SealedBlock> wanted = [.. page.Where(b => b.Last >= from && b.First <= to && b.First <= b.Last)];
                if (wanted.Count > 0) await ReadSealed(wanted, from, to, work, cancellation);
            }

            await ReadUnsealed(blocks.Head?.Block.Last ?? 0, from, to, work, cancellation);
            await HandOut(work);
        }
        finally
        {
            if (_waiting is { } left) await ((Task)left.Rows).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadSealed(
        IReadOnlyList<SealedBlock> wanted, long from, long to, Func<Func<VerifiedPiece>, Task> work, CancellationToken cancellation)
    {
        var (first, last) = (wanted[0].First, wanted[^1].Last);
        var most = wanted.Sum(b => Math.Clamp(b.Leaves, 0, Sealer.MostLeaves + 1)) + Surplus;
        var leaves = await ReadAll(Command(history, Leaves, first, last, most), SealRows.ReadLeaf, cancellation);
        var roots = new VerifiedPiece(from, to);
        var erased = await erasures.Rows(history, first, last, roots.Findings, cancellation);
        await work(() => LeafVerification.Roots(wanted, leaves, roots));
        for (var place = 0; ; place += PieceSize)
        {
            var isLast = place + PieceSize >= leaves.Count;
            var own = leaves.GetRange(Math.Min(place, leaves.Count), isLast ? Math.Max(0, leaves.Count - place) : PieceSize);
            var through = isLast ? last : Math.Min(last, leaves[place + PieceSize].First - 1);
            var events = await ReadAll(Command(history, Sealed, first, through, own.Count + Surplus), EventRows.Read, cancellation);
            var piece = new VerifiedPiece(from, to) { Last = through };
            await Compare(events, work, rows =>
            {
                LeafVerification.Compare(own, events, erased, piece);
                comparison.Compare(events, rows, piece);
                return piece;
            }, cancellation);
            if (isLast) return;
            first = through + 1;
        }
    }

    /// <summary>The events that are not sealed yet: they must be in the audit, and more cannot be said of them.</summary>
    private async Task ReadUnsealed(long after, long from, long to, Func<Func<VerifiedPiece>, Task> work, CancellationToken cancellation)
    {
        while (true)
        {
            var events = await ReadAll(Command(history, Unsealed, after, PieceSize), EventRows.Read, cancellation);
            if (events.Count == 0) return;
            after = events[^1].Sequence;
            var asked = events.FindAll(e => e.Sequence >= from && e.Sequence <= to);
            var piece = new VerifiedPiece(from, to) { Last = after, Unsealed = events.Count };
            await Compare(asked, work, rows =>
            {
                comparison.Compare(asked, rows, piece);
                return piece;
            }, cancellation);
        }
    }

    /// <summary>Begins to read the entries of the events, while the work of the piece before is handed out and the next piece is read.</summary>
    private async Task Compare(
        List<EventRecord> events, Func<Func<VerifiedPiece>, Task> work, Func<IReadOnlyDictionary<long, byte[]>, VerifiedPiece> compare,
        CancellationToken cancellation)
    {
        await HandOut(work);
        _waiting = (compare, EntriesOf(events, cancellation));
    }

    private async Task HandOut(Func<Func<VerifiedPiece>, Task> work)
    {
        if (_waiting is not { } before) return;
        var rows = await before.Rows;
        _waiting = null;
        await work(() => before.Work(rows));
    }

    private async Task<IReadOnlyDictionary<long, byte[]>> EntriesOf(List<EventRecord> events, CancellationToken cancellation)
    {
        var rows = new Dictionary<long, byte[]>(events.Count);
        if (events.Count == 0) return rows;
        await using var command = new NpgsqlCommand(Entries, audit);
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = events.Select(e => e.Tenant).Distinct(StringComparer.Ordinal).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        foreach (var number in (long[])[events[0].Sequence, events[^1].Sequence, events.Count + Surplus])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) rows.TryAdd(row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }

    private static async Task<List<T>> ReadAll<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using (command)
        {
            var rows = new List<T>();
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) rows.Add(read(row));
            return rows;
        }
    }
}

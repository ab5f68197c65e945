using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// How far the sequence of events is settled. A number is drawn before its event is visible, and stays unused for ever when the
/// append fails, so a hole in what is visible is either a late commit or a gap. It is a gap once every transaction has ended that
/// could have drawn the number: all that were writing when the sequence was seen beyond it.
/// </summary>
/// <remarks>
/// A transaction that appends holds, before it draws a number, the lock of a table it writes or of the row it decides upon, and
/// keeps it to its end; so the writers are those who hold such a lock. Readers and vacuums hold weaker ones: a long backup holds
/// nothing up. PostgreSQL makes a commit visible before it gives up the locks, so what has ended unseen never comes.
/// </remarks>
public sealed class StablePrefix
{
    private const string Reached = "select case when is_called then last_value else last_value - 1 end from mt_events_sequence";

    private const string Writers = """
        select distinct l.virtualtransaction from pg_locks l left join pg_class c on c.oid = l.relation
        where l.granted and l.pid <> pg_backend_pid() and l.virtualtransaction not like '%/0' -- /0: not in a transaction
            and l.database = (select oid from pg_database where datname = current_database())
            and (l.locktype = 'advisory' or (l.locktype = 'relation' and c.relkind in ('r', 'p')
                and l.mode in ('RowShareLock', 'RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')))
        union all
        select gid from pg_prepared_xacts where database = current_database()
        """;

    private (long UpTo, IReadOnlyCollection<string> Writers)? _waiting;

    /// <summary>
    /// Looks once. What a statement sees that begins after this call can be judged by it: up to <c>Settled</c>, a number without a
    /// visible event is a gap.
    /// </summary>
    /// <returns>The last number drawn, and the last one that no late commit can fill; 0 while that is not known.</returns>
    public async Task<(long Reached, long Settled)> Look(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var reached = new NpgsqlCommand(Reached, connection);
        var last = (long)(await reached.ExecuteScalarAsync(cancellation))!;
        var writers = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand(Writers, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation)) writers.Add(reader.GetString(0));

        if (writers.Count == 0)
        {
            _waiting = null;
            return (last, last);
        }

        if (_waiting is not { } waiting)
        {
            _waiting = (last, writers);
            return (last, 0);
        }

        if (waiting.Writers.Any(writers.Contains)) return (last, 0);
        _waiting = (last, writers);
        return (last, waiting.UpTo);
    }
}

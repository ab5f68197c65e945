using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>
/// New tables beside those of a projection, under the same names in a schema of their own, in one transaction: nobody sees them before
/// they take the place of the old ones, and nothing is left of them if they never do.
/// </summary>
internal sealed class RebuiltTables(NpgsqlConnection connection, IReadOnlyList<string> tables, Func<string, bool> hasKey)
{
    private const string Schema = "rebuild", Old = "public";

    // An index of terms is made in rounds of what the memory holds: as much as the database has for its pages, from 256 MB to 1 GB.
    private const string Memory = """
        select set_config('maintenance_work_mem', least(greatest(262144, setting::bigint * 8), 1048576)::text || 'kB', true) from pg_settings where name = 'shared_buffers'
        """;

    // A key that cannot be deferred is there from the start, so that rows can be replaced by it.
    private const string Keys = """
        select format('alter table rebuild.%I add constraint %I %s', $1, conname, pg_get_constraintdef(oid)) from pg_constraint
        where conrelid = format('public.%I', $1)::regclass and contype in ('p', 'u', 'x') and condeferrable = ($2 = 'deferred')
        """;

    private const string Indexes = """
        select replace(pg_get_indexdef(i.indexrelid), format(' ON public.%I ', $1), format(' ON rebuild.%I ', $1)) from pg_index i
        where i.indrelid = format('public.%I', $1)::regclass and $2 = ''
            and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
        """;

    private const string Triggers = """
        select replace(pg_get_triggerdef(oid), format(' ON public.%I ', $1), format(' ON rebuild.%I ', $1)) from pg_trigger
        where tgrelid = format('public.%I', $1)::regclass and not tgisinternal and $2 = ''
        """;

    private const string Settings = """
        select format('alter table rebuild.%I set (%s)', $1, array_to_string(reloptions, ', ')) from pg_class
        where oid = format('public.%I', $1)::regclass and reloptions is not null and $2 = ''
        union all
        select format('grant %s on rebuild.%I to %s', a.privilege_type, $1, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end)
        from pg_class c, aclexplode(c.relacl) a where c.oid = format('public.%I', $1)::regclass and a.grantee <> c.relowner and $2 = ''
        """;

    /// <summary>Makes the tables, empty, and has every later statement on the connection mean them.</summary>
    /// <param name="onlyFilled">Whether they are filled without being read, and the indexes come later.</param>
    /// <param name="cancellation">Given up.</param>
    public async Task Create(bool onlyFilled, CancellationToken cancellation)
    {
        await Execute($"create schema {Schema}", cancellation);
        foreach (var table in tables)
        {
            // Held to the end, so that no newer version changes the old table meanwhile.
            await Execute($"lock table {Old}.{table} in access share mode", cancellation);
            await Execute($"create table {Schema}.{table} (like {Old}.{table} including all excluding indexes)", cancellation);
            await Run(Settings, table, "", cancellation);
            if (hasKey(table)) await Run(Keys, table, "", cancellation);
        }

        // A plan that is made while a table is empty would read through it for ever.
        if (!onlyFilled) await Execute("set local enable_seqscan to off", cancellation);
        await Execute($"set local search_path to {Schema}, {Old}; {Memory}; set local idle_in_transaction_session_timeout to 0", cancellation);
    }

    /// <summary>Makes the keys that are still missing and all other indexes.</summary>
    public async Task Index(CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            if (!hasKey(table)) await Run(Keys, table, "", cancellation);
            await Run(Indexes, table, "", cancellation);
        }
    }

    /// <summary>Tells the planner what has become of the tables, which may have been empty when their indexes were made.</summary>
    public async Task Analyze(CancellationToken cancellation)
    {
        foreach (var table in tables) await Execute($"analyze {Schema}.{table}", cancellation);
    }

    /// <summary>Has everybody else wait who uses the old tables; gives up after a moment so that nobody waits for long.</summary>
    public async Task<bool> TryLock(CancellationToken cancellation)
    {
        await Execute("savepoint before_lock", cancellation);
        try
        {
            await Execute("set local lock_timeout to '900ms'", cancellation);
            // In the order of an erasure, which writes old rows anew.
            await Execute($"select pg_advisory_xact_lock({Audit.AuditTermRows.Turn}), pg_advisory_xact_lock({Integrity.SealRows.Turn})", cancellation);
            foreach (var table in tables) await Execute($"lock table {Old}.{table} in access exclusive mode", cancellation);
            await Execute("set local lock_timeout to 0; release savepoint before_lock", cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            await Execute("rollback to savepoint before_lock; release savepoint before_lock", cancellation);
            return false;
        }
    }

    /// <summary>Puts the new tables in the place of the old ones.</summary>
    public async Task Swap(CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            await Run(Keys, table, "deferred", cancellation);
            await Run(Triggers, table, "", cancellation);
            // Counts of rows that a trigger keeps are made anew by whoever asks for them.
            await Execute($"delete from {Old}.scim_block where resource_type = '{table}'", cancellation);
            await Execute($"drop table {Old}.{table}; alter table {Schema}.{table} set schema {Old}", cancellation);
        }

        await Execute($"drop schema {Schema}", cancellation);
    }

    private async Task Run(string definitions, string table, string which, CancellationToken cancellation)
    {
        var statements = new List<string>();
        await using (var command = new NpgsqlCommand(definitions, connection))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = table, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { Value = which, NpgsqlDbType = NpgsqlDbType.Text });
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) statements.Add(row.GetString(0));
        }

        foreach (var statement in statements) await Execute(statement, cancellation);
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

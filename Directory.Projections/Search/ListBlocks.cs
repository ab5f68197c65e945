using System.Buffers.Binary;
using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Search;

/// <summary>
/// Counts of resources in stretches of ids (<c>scim_block</c>), so that neither the total nor the beginning of a page is counted out
/// row by row. The database keeps the counts right; blocks are made here, when a reader finds many ids beyond the last one.
/// See docs/decisions/0043-pages-cost-the-same.md.
/// </summary>
public sealed class ListBlocks(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Resources in a new block: a page passes over so many ids at most to get to its beginning.</summary>
    public const int Size = 500;

    private const string Zero = "'00000000-0000-0000-0000-000000000000'";

    // Who makes blocks waits for creates and deletes that are under way, and others wait behind: not for long, and not often.
    private const int LongestWaitMilliseconds = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Table, string Tenant), DateTimeOffset> _tried = [];

    /// <summary>One row: the resources in blocks, and those beyond the last block. <c>$1</c> is the tenant.</summary>
    public static string Total(string table) => $"""
        select coalesce((select sum(b.resources)::bigint from scim_block b where b.tenant_id = $1 and b.resource_type = '{table}'), 0),
            (select count(*) from {table} r where r.tenant_id = $1 and r.id > {LastId(table)})
        """;

    /// <summary>At most one row, (last_id, upto): the last block that ends at or before offset <c>$2</c>, and the resources up to its end.</summary>
    public static string Start(string table) => $"""
        select b.last_id, b.upto from (
            select last_id, sum(resources) over (order by last_id)::bigint as upto
            from scim_block where tenant_id = $1 and resource_type = '{table}') b
        where b.upto <= $2 order by b.last_id desc limit 1
        """;

    /// <summary>The condition and the offset of a page, given the row of <see cref="Start"/> as <c>start</c>.</summary>
    public const string FromStart = $"r.id > coalesce((select last_id from start), {Zero})", OffsetFromStart = "$2 - coalesce((select upto from start), 0)";

    /// <summary>Makes blocks of the ids beyond the last one if there are enough of them, and does without when that cannot be done at once.</summary>
    public async Task Extend(string table, string tenant, long beyond, CancellationToken cancellation)
    {
        if (beyond < 2 * Size || !IsTurn((table, tenant))) return;
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection, transaction);
            Add(batch, $"set local lock_timeout = {LongestWaitMilliseconds}");
            // What comes next sees all that was committed before the lock was had, and nothing is committed while it is held.
            Add(batch, $"select pg_advisory_xact_lock(hashtextextended($1, hashtext('{table}')))", tenant);
            // Ids begin with the time: none that is yet to be made falls into a block, as those of a node whose clock is ahead would.
            Add(batch, $"""
                insert into scim_block (tenant_id, resource_type, last_id, resources)
                select $1, '{table}', b.id, {Size} from (
                    select r.id, row_number() over (order by r.id) as n from {table} r
                    where r.tenant_id = $1 and r.id > {LastId(table)} and r.id < $2) b
                where b.n % {Size} = 0
                """, tenant, FirstIdOf(clock.GetUtcNow()));
            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            // The next reader tries again; until then the ids are passed over one by one.
        }
    }

    private bool IsTurn((string, string) key)
    {
        var now = clock.GetUtcNow();
        return _tried.TryGetValue(key, out var tried)
            ? now - tried >= Pause && _tried.TryUpdate(key, now, tried)
            : _tried.TryAdd(key, now);
    }

    private static string LastId(string table) => $"""
        coalesce((select b.last_id from scim_block b where b.tenant_id = $1 and b.resource_type = '{table}' order by b.last_id desc limit 1), {Zero})
        """;

    // RFC 9562 §5.7: 48 bits of milliseconds, and then the version.
    private static Guid FirstIdOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private static void Add(NpgsqlBatch batch, string sql, string? tenant = null, Guid? id = null)
    {
        var command = new NpgsqlBatchCommand(sql);
        if (tenant is not null) command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        if (id is { } value) command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Uuid });
        batch.BatchCommands.Add(command);
    }
}

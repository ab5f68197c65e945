using System.Text.Json.Nodes;
using Directory.Domain.Integrity;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>How the seal stands.</summary>
/// <param name="Head">The last block, null if nothing is sealed yet.</param>
/// <param name="Unsealed">Events behind it, of all directories.</param>
/// <param name="OldestUnsealed">The time of the first of them.</param>
/// <param name="Verification">What the last verification found, null if there was none.</param>
/// <param name="LastGood">When a verification last found nothing.</param>
public sealed record SealStatus(
    BlockRow? Head, long Unsealed, DateTimeOffset? OldestUnsealed, JsonObject? Verification, DateTimeOffset? LastGood)
{
    public TimeSpan Age(DateTimeOffset now) => OldestUnsealed is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero;
}

/// <summary>What a third party needs to see that an event is in a signed block.</summary>
/// <param name="Event">Null for a gap.</param>
/// <param name="Proof">The siblings from the leaf to the block's root.</param>
/// <param name="Salt">Null for a gap, and after an erasure.</param>
public sealed record Inclusion(
    long First, long Through, EventRecord? Event, byte[]? Commitment, byte[]? Salt, byte[] Leaf, BlockRow Block, int Index,
    IReadOnlyList<byte[]> Proof, string? PublicKey);

/// <summary>Reads the tables of the seal.</summary>
public sealed class IntegrityQuery(NpgsqlDataSource database)
{
    private const string Tail = $"""
        select (select count(*) from mt_events e where e.seq_id > $1 and {EventRows.AreEvents}),
            (select e.timestamp from mt_events e where e.seq_id > $1 and {EventRows.AreEvents} order by e.seq_id limit 1),
            (select jsonb_build_object('at', at, 'status', status, 'firstBadSequence', report -> 'firstBadSequence')::text
             from verification order by id desc limit 1),
            (select max(at) from verification where status = 'ok')
        """;

    public async Task<SealStatus> Status(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var head = await SealRows.Head(connection, cancellation);
        await using var command = new NpgsqlCommand(Tail, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head?.Block.Last ?? 0 });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new SealStatus(
            head, row.GetInt64(0), Time(row, 1), row.IsDBNull(2) ? null : JsonNode.Parse(row.GetString(2)) as JsonObject, Time(row, 3));
    }

    /// <summary>Null when the number is not sealed, or is that of an event of another directory.</summary>
    public async Task<Inclusion?> Find(string tenant, long sequence, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var block = await BlockOf(connection, sequence, cancellation);
        if (block is null) return null;
        var leaves = await Leaves(connection, block.Block.Number, cancellation);
        var index = leaves.FindIndex(l => l.First <= sequence && sequence <= l.Through);
        if (index < 0) return null;
        var leaf = leaves[index];
        var e = leaf.IsGap ? null : await Event(connection, leaf.First, cancellation);
        if (!leaf.IsGap && e?.Tenant != tenant) return null;
        return new Inclusion(
            leaf.First, leaf.Through, e, leaf.Commitment, leaf.Salt, leaf.Hash, block, index,
            MerkleTree.Proof([.. leaves.Select(l => l.Hash)], index), await PublicKey(connection, block.Block.KeyId, cancellation));
    }

    /// <summary>Keeps what a verification found.</summary>
    public async Task Keep(VerificationReport report, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("insert into verification (at, status, report) values ($1, $2, $3)");
        command.Parameters.Add(new NpgsqlParameter { Value = at });
        command.Parameters.Add(new NpgsqlParameter { Value = report.Status == VerificationStatus.Ok ? "ok" : "tampered" });
        command.Parameters.Add(new NpgsqlParameter { Value = report.ToJson(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<BlockRow?> BlockOf(NpgsqlConnection connection, long sequence, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {SealRows.BlockColumns} from seal_block where last_seq >= $1 and first_seq <= $1 order by last_seq limit 1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? SealRows.ReadBlock(row) : null;
    }

    private static async Task<List<Leaf>> Leaves(NpgsqlConnection connection, long block, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select l.seq, l.through, l.commitment, l.leaf, s.salt
            from seal_block b join seal_leaf l on l.seq between b.first_seq and b.last_seq left join event_salt s on s.seq = l.seq
            where b.number = $1 order by l.seq
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = block });
        var leaves = new List<Leaf>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) leaves.Add(SealRows.ReadLeaf(row));
        return leaves;
    }

    private static async Task<EventRecord?> Event(NpgsqlConnection connection, long sequence, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select {EventRows.Columns} from mt_events e where e.seq_id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        return (await EventRows.ReadAll(command, cancellation)).SingleOrDefault();
    }

    private static async Task<string?> PublicKey(NpgsqlConnection connection, string id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select public_key from seal_key where id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

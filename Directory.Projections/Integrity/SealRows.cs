using Directory.Domain.Integrity;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>A row of <c>seal_block</c>: the block, and the hash and signature stored for it, which may or may not be right.</summary>
public sealed record BlockRow(SealedBlock Block, byte[] Hash, byte[] Signature);

/// <summary>The tables of the seal: how they are written, and how they are read back.</summary>
internal static class SealRows
{
    /// <summary>Whoever seals or erases holds this lock until its transaction ends, so that an event is not masked while it is sealed.</summary>
    public const long Turn = 0x5365_616c;

    public const string BlockColumns = "number, first_seq, last_seq, leaves, root, previous, signed_at, key_id, hash, signature";

    public static async Task<BlockRow?> Head(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select {BlockColumns} from seal_block order by number desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? ReadBlock(reader) : null;
    }

    public static BlockRow ReadBlock(NpgsqlDataReader row) => new(
        new SealedBlock(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5),
            row.GetFieldValue<DateTimeOffset>(6), row.GetString(7)),
        row.GetFieldValue<byte[]>(8), row.GetFieldValue<byte[]>(9));

    /// <summary>Columns: seq, through, commitment, leaf, salt.</summary>
    public static Leaf ReadLeaf(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4));

    public static async Task StoreLeaves(
        NpgsqlConnection connection, long block, IReadOnlyList<Leaf> leaves, CancellationToken cancellation)
    {
        await using (var rows = await connection.BeginBinaryImportAsync(
            "copy seal_leaf (seq, through, block, commitment, leaf) from stdin (format binary)", cancellation))
        {
            foreach (var leaf in leaves)
            {
                await rows.StartRowAsync(cancellation);
                await rows.WriteAsync(leaf.First, NpgsqlDbType.Bigint, cancellation);
                await rows.WriteAsync(leaf.Through, NpgsqlDbType.Bigint, cancellation);
                await rows.WriteAsync(block, NpgsqlDbType.Bigint, cancellation);
                await rows.WriteAsync(leaf.Commitment, NpgsqlDbType.Bytea, cancellation);
                await rows.WriteAsync(leaf.Hash, NpgsqlDbType.Bytea, cancellation);
            }

            await rows.CompleteAsync(cancellation);
        }

        await using var salts = await connection.BeginBinaryImportAsync("copy event_salt (seq, salt) from stdin (format binary)", cancellation);
        foreach (var leaf in leaves.Where(l => l.Salt is not null))
        {
            await salts.StartRowAsync(cancellation);
            await salts.WriteAsync(leaf.First, NpgsqlDbType.Bigint, cancellation);
            await salts.WriteAsync(leaf.Salt, NpgsqlDbType.Bytea, cancellation);
        }

        await salts.CompleteAsync(cancellation);
    }

    public static async Task StoreBlock(
        NpgsqlConnection connection, SigningKey key, SealedBlock block, Checkpoint checkpoint, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, "insert into seal_key (id, public_key, first_used) values ($1, $2, $3) on conflict do nothing",
            block.KeyId, key.Public.Pem, block.SignedAt);
        Add(batch, $"insert into seal_block ({BlockColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            block.Number, block.First, block.Last, block.Leaves, block.Root, block.Previous, block.SignedAt, block.KeyId,
            checkpoint.Hash, key.Sign(block.Text()));
        Add(batch, "insert into seal_checkpoint (block, hash, last_seq, time, key_id, signature) values ($1, $2, $3, $4, $5, $6)",
            checkpoint.Block, checkpoint.Hash, checkpoint.LastSequence, checkpoint.Time, checkpoint.KeyId, key.Sign(checkpoint.Text()));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }
}

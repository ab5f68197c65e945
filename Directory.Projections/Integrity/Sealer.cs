using System.Security.Cryptography;
using Directory.Domain.Integrity;
using Directory.Projections.Audit;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// Seals what is settled: in the order of the sequence, a block at a time, each with the hash of the one before, under a signature.
/// Any number of nodes may call it; whoever gets the turn seals, and the others pass.
/// </summary>
public sealed class Sealer(NpgsqlDataSource database, StableSequence sequence, TimeProvider clock, SigningKey key)
{
    public const int MostLeaves = 10_000;

    /// <summary>Seals one block, if at least <paramref name="least"/> numbers are settled that are not sealed.</summary>
    /// <returns>The block; null when there was nothing to seal, or another node is at it.</returns>
    public async Task<SealedBlock?> Seal(long least, CancellationToken cancellation)
    {
        // Before the events are looked at: what is settled now and not seen then never comes.
        var settled = await sequence.Read(cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var turn = new NpgsqlCommand($"select pg_try_advisory_xact_lock({SealRows.Turn})", connection))
            if (!(bool)(await turn.ExecuteScalarAsync(cancellation))!) return null;

        var head = await SealRows.Head(connection, cancellation);
        var first = (head?.Block.Last ?? 0) + 1;
        var leaves = await Leaves(connection, first, settled, cancellation);
        if (leaves.Count == 0 || (leaves.Count < MostLeaves && leaves[^1].Through - first + 1 < least)) return null;

        var block = new SealedBlock(
            (head?.Block.Number ?? 0) + 1, first, leaves[^1].Through, leaves.Count, MerkleTree.Root([.. leaves.Select(l => l.Hash)]),
            head?.Hash ?? SealedBlock.NoPrevious, clock.GetUtcNow(), key.Public.Id);
        await SealRows.StoreLeaves(connection, block.Number, leaves, cancellation);
        await SealRows.StoreBlock(
            connection, key, block, new Checkpoint(block.Number, block.Hash(), block.Last, block.SignedAt, block.KeyId), cancellation);
        await transaction.CommitAsync(cancellation);
        return block;
    }

    /// <summary>
    /// The leaves from a number on: events as long as they follow one another, since between two numbers that follow one another nothing can come;
    /// a hole up to where it is settled that it stays one.
    /// </summary>
    private static async Task<List<Leaf>> Leaves(NpgsqlConnection connection, long first, long settled, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select {EventRows.Columns} from mt_events e where e.seq_id >= $1 and {EventRows.AreEvents} order by e.seq_id limit {MostLeaves}
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        var leaves = new List<Leaf>();
        var (next, read) = (first, 0);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (leaves.Count < MostLeaves && await reader.ReadAsync(cancellation))
            {
                read++;
                var e = EventRows.Read(reader);
                if (e.Sequence > next)
                {
                    if (Math.Min(e.Sequence - 1, settled) >= next) leaves.Add(Leaf.Gap(next, Math.Min(e.Sequence - 1, settled)));
                    if (e.Sequence - 1 > settled) return leaves;
                }

                leaves.Add(Leaf.Event(e, RandomNumberGenerator.GetBytes(LeafHash.SaltLength)));
                next = e.Sequence + 1;
            }

        // A limit that was reached says nothing about the numbers behind the last event read.
        if (read < MostLeaves && leaves.Count < MostLeaves && settled >= next) leaves.Add(Leaf.Gap(next, settled));
        return leaves;
    }
}

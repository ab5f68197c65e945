using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// Compares the chain with the checkpoints, those in the database and those outside it. What is outside shows what the database
/// alone cannot: that it was put back to an older state, or that a whole chain was made anew.
/// </summary>
internal sealed class CheckpointVerification(NpgsqlConnection connection, BlockVerification blocks, Findings findings)
{
    private const int PageSize = 500;

    private const string Inside = $"""
        select {SignedCheckpoint.Columns} from seal_checkpoint where block > $1 order by block limit 500
        """;

    private long _unvouched = 1;
    private bool _isDiverged;

    public async Task VerifyInside(CancellationToken cancellation)
    {
        for (var (last, isMore) = (0L, true); isMore;)
        {
            var page = new List<SignedCheckpoint>();
            await using (var command = new NpgsqlCommand(Inside, connection))
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation)) page.Add(SignedCheckpoint.Read(reader));
            }

            isMore = page.Count == PageSize;
            if (page.Count > 0) last = page[^1].Checkpoint.Block;
            await Compare(page, "in the database", cancellation);
        }
    }

    /// <param name="file">The checkpoints from outside.</param>
    /// <param name="lines">How many lines it had when the database was looked at; what was added later is not compared.</param>
    /// <param name="cancellation">Given up.</param>
    /// <returns>How many checkpoints were compared.</returns>
    public async Task<long> VerifyOutside(CheckpointFile file, int lines, CancellationToken cancellation)
    {
        (_unvouched, _isDiverged) = (1, false);
        var (count, name) = (0L, Path.GetFileName(file.Path));
        foreach (var page in file.Read().TakeWhile(l => l.Line <= lines).Chunk(PageSize))
        {
            // A line that a crash cut short says nothing, and a whole one follows it.
            var whole = page.Select(l => l.Checkpoint).OfType<SignedCheckpoint>().ToList();
            count += whole.Count;
            await Compare(whole, name, cancellation);
        }

        return count;
    }

    private async Task Compare(List<SignedCheckpoint> page, string place, CancellationToken cancellation)
    {
        var hashes = new Dictionary<long, byte[]>();
        await using (var command = new NpgsqlCommand("select number, hash from seal_block where number = any($1)", connection))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = page.Select(c => c.Checkpoint.Block).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) hashes[reader.GetInt64(0)] = reader.GetFieldValue<byte[]>(1);
        }

        foreach (var (checkpoint, signature) in page)
        {
            if (!blocks.IsSigned(checkpoint.KeyId, checkpoint.Text(), signature))
                findings.Add(_unvouched, FindingKind.CheckpointInvalid, $"The signature of the checkpoint of block {checkpoint.Block} ({place}) is not valid.");
            else if (hashes.TryGetValue(checkpoint.Block, out var hash) && hash.AsSpan().SequenceEqual(checkpoint.Hash))
                _unvouched = checkpoint.LastSequence + 1;
            else if (!_isDiverged)
                Diverged(checkpoint.Block, checkpoint.LastSequence, place);
        }
    }

    /// <summary>The first checkpoint that the chain does not pass; the others after it say no more.</summary>
    private void Diverged(long block, long sequence, string place)
    {
        _isDiverged = true;
        var head = blocks.Head?.Block;
        if (block > (head?.Number ?? 0))
            findings.Add((head?.Last ?? 0) + 1, FindingKind.RolledBack,
                $"The chain ends at block {head?.Number ?? 0}, and a checkpoint ({place}) knows block {block} up to {sequence}: the database was put back to an older state.");
        else
            findings.Add(_unvouched, FindingKind.CheckpointMismatch, $"Block {block} is not the one of the checkpoint ({place}).");
    }
}

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
        var rows = await Blocks([.. page.Select(c => c.Checkpoint.Block)], cancellation);
        foreach (var (checkpoint, signature) in page)
        {
            var row = rows.GetValueOrDefault(checkpoint.Block);
            if (!blocks.IsSigned(checkpoint.KeyId, checkpoint.Text(), signature))
                findings.Add(_unvouched, FindingKind.CheckpointInvalid, $"The signature of the checkpoint of block {checkpoint.Block} ({place}) is not valid.");
            else if (row is not null && row.Block.Hash().AsSpan().SequenceEqual(checkpoint.Hash))
                _unvouched = checkpoint.LastSequence + 1;
            else if (!_isDiverged)
                await Diverged(checkpoint.Block, checkpoint.LastSequence, row, place, cancellation);
        }
    }

    private async Task<Dictionary<long, BlockRow>> Blocks(long[] numbers, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select {SealRows.BlockColumns} from seal_block where number = any($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = numbers });
        var rows = new Dictionary<long, BlockRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = SealRows.ReadBlock(reader);
            rows[row.Block.Number] = row;
        }

        return rows;
    }

    /// <summary>The first checkpoint that the chain does not pass; the others after it say no more.</summary>
    private async Task Diverged(long block, long sequence, BlockRow? row, string place, CancellationToken cancellation)
    {
        _isDiverged = true;
        if (row is not null)
        {
            // A block whose signature is valid belongs to another chain, which may have begun anywhere after the last checkpoint.
            var first = blocks.IsSigned(row.Block.KeyId, row.Block.Text(), row.Signature) ? _unvouched : row.Block.First;
            findings.Add(first, FindingKind.CheckpointMismatch, $"Block {block} is not the one of the checkpoint ({place}).");
            return;
        }

        await using var command = new NpgsqlCommand("select coalesce(max(last_seq), 0) + 1 from seal_block where number < $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = block });
        var missing = (long)(await command.ExecuteScalarAsync(cancellation))!;
        if (block > (blocks.Head?.Block.Number ?? 0))
            findings.Add(missing, FindingKind.RolledBack,
                $"The chain ends at {missing - 1}, and a checkpoint ({place}) knows block {block} up to {sequence}: the database was put back to an older state.");
        else
            findings.Add(missing, FindingKind.BlockMissing, $"Block {block} of the checkpoint ({place}) is not there.");
    }
}

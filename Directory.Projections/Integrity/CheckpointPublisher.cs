using Directory.Domain.Integrity;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// Carries the newest checkpoint out of the database. What the database has and the file does not is written the next time, so a
/// crash between the two loses nothing; what the file has and the database does not is a database that went back in time, and then
/// the file is left as it is.
/// </summary>
public sealed class CheckpointPublisher(NpgsqlDataSource database, CheckpointFile file)
{
    /// <summary>In words, why the file and the database do not fit together; null when they do.</summary>
    public string? Conflict { get; private set; }

    /// <returns>The checkpoint that was written, null when the file has it already.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<Checkpoint?> Publish(CancellationToken cancellation)
    {
        var newest = await SignedCheckpoint.Newest(database, cancellation);
        var last = file.Last();
        Conflict = last is null ? null : await Compare(last.Checkpoint, newest?.Checkpoint, cancellation);
        if (Conflict is not null || newest is null || newest.Checkpoint.Block <= last?.Checkpoint.Block) return null;
        file.Append(newest);
        return newest.Checkpoint;
    }

    private async Task<string?> Compare(Checkpoint last, Checkpoint? newest, CancellationToken cancellation)
    {
        if (newest is null || newest.Block < last.Block)
            return $"The database ends at block {newest?.Block ?? 0}, and block {last.Block} was sealed: it was put back to an older state.";
        await using var command = database.CreateCommand("select hash from seal_block where number = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = last.Block, NpgsqlDbType = NpgsqlDbType.Bigint });
        var hash = await command.ExecuteScalarAsync(cancellation) as byte[];
        return hash is not null && hash.AsSpan().SequenceEqual(last.Hash)
            ? null
            : $"Block {last.Block} of the database is not the one that was sealed under this number.";
    }
}

using System.Text.Json.Nodes;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>What one verification found.</summary>
/// <param name="Status"><c>ok</c> or <c>tampered</c>.</param>
/// <param name="Report">As the verify command prints it with --json.</param>
public sealed record PastVerification(long Id, DateTimeOffset At, string Status, JsonObject Report);

/// <summary>Lists what has been sealed and verified, newest first.</summary>
public sealed class SealHistory(NpgsqlDataSource database)
{
    /// <param name="before">Only blocks with a lower number; null from the newest on.</param>
    public async Task<IReadOnlyList<BlockRow>> Blocks(long? before, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select {SealRows.BlockColumns} from seal_block where number < $1 order by number desc limit $2");
        Number(command, before ?? long.MaxValue);
        Number(command, limit);
        return await Read(command, SealRows.ReadBlock, cancellation);
    }

    public async Task<IReadOnlyList<SignedCheckpoint>> Checkpoints(int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {SignedCheckpoint.Columns} from seal_checkpoint order by block desc limit $1");
        Number(command, limit);
        return await Read(command, SignedCheckpoint.Read, cancellation);
    }

    public async Task<IReadOnlyList<PastVerification>> Verifications(int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select id, at, status, report::text from verification order by id desc limit $1");
        Number(command, limit);
        return await Read(command, row => new PastVerification(
            row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), (JsonObject)JsonNode.Parse(row.GetString(3))!), cancellation);
    }

    private static void Number(NpgsqlCommand command, long value) => command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });

    private static async Task<IReadOnlyList<T>> Read<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) rows.Add(read(row));
        return rows;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Jobs;

/// <summary>How a row of <c>job</c> is read and how values go into one.</summary>
internal static class JobRows
{
    /// <summary>In the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = """
        id, tenant_id, kind, state, input::text, origin::text, phase, done, total, cancel_requested, requested_at, started_at, ended_at,
        result::text, error
        """;

    public static Job Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), (JsonObject)JsonNode.Parse(row.GetString(4))!,
        JsonSerializer.Deserialize<Origin>(row.GetString(5))!, Text(row, 6), row.GetInt64(7), row.IsDBNull(8) ? null : row.GetInt64(8),
        row.GetBoolean(9), row.GetFieldValue<DateTimeOffset>(10), Time(row, 11), Time(row, 12),
        Text(row, 13) is { } result ? JsonNode.Parse(result) : null, Text(row, 14));

    public static async Task<Job?> First(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return command;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

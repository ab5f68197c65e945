using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>The rows of <c>connection_activity</c> and <c>connection_day</c>; several nodes write them, and the later moment stands.</summary>
internal static class ActivityRows
{
    private const string Moments = """
        insert into connection_activity as a (tenant_id, connection_id, last_request_at, last_request_status, last_request_from,
            last_test_at, last_test_status, last_test_client)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (tenant_id, connection_id) do update set
            (last_request_at, last_request_status, last_request_from) = (
                select r.at, r.status, r.source from (values
                    (a.last_request_at, a.last_request_status, a.last_request_from),
                    (excluded.last_request_at, excluded.last_request_status, excluded.last_request_from)) r (at, status, source)
                order by r.at desc nulls last limit 1),
            (last_test_at, last_test_status, last_test_client) = (
                select t.at, t.status, t.client from (values
                    (a.last_test_at, a.last_test_status, a.last_test_client),
                    (excluded.last_test_at, excluded.last_test_status, excluded.last_test_client)) t (at, status, client)
                order by t.at desc nulls last limit 1)
        """;

    private const string Day = """
        insert into connection_day as d (tenant_id, connection_id, day, requests, refused) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, connection_id, day) do update set requests = d.requests + excluded.requests, refused = d.refused + excluded.refused
        """;

    public static async Task Write(
        NpgsqlDataSource database, string tenant, Guid connection, ConnectionActivity.Tally tally, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        Add(batch, Moments,
            (tenant, NpgsqlDbType.Text), (connection, NpgsqlDbType.Uuid),
            (tally.Last.At, NpgsqlDbType.TimestampTz), (tally.Last.Status, NpgsqlDbType.Integer), (tally.Last.From, NpgsqlDbType.Text),
            (tally.Test?.At, NpgsqlDbType.TimestampTz), (tally.Test?.Status, NpgsqlDbType.Integer), (tally.Test?.Client, NpgsqlDbType.Text));
        foreach (var (day, (requests, refused)) in tally.Days)
            Add(batch, Day,
                (tenant, NpgsqlDbType.Text), (connection, NpgsqlDbType.Uuid), (day, NpgsqlDbType.Date), (requests, NpgsqlDbType.Bigint),
                (refused, NpgsqlDbType.Bigint));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static void Add(NpgsqlBatch batch, string sql, params (object? Value, NpgsqlDbType Type)[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (value, type) in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        batch.BatchCommands.Add(command);
    }
}

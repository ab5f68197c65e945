using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Requests;

/// <summary>Writes records in bulk and removes old ones.</summary>
internal static class RecordTables
{
    private const string CopyRequests = """
        copy request_log (tenant_id, time, duration_us, method, path, route, status, scim_type, detail, connection_id, connection, token_id,
            token_prefix, source, user_agent, request_id, trace_id, times) from stdin (format binary)
        """;

    private const string CopyAccess = """
        copy access_log (tenant_id, time, actor_kind, actor_id, actor_name, token_prefix, method, path, filter, format, status, count, source,
            user_agent, request_id) from stdin (format binary)
        """;

    public static async Task Store(NpgsqlConnection connection, IReadOnlyCollection<RequestRecord> records, CancellationToken cancellation)
    {
        if (records.Count == 0) return;
        await using var copy = await connection.BeginBinaryImportAsync(CopyRequests, cancellation);
        foreach (var r in records)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(r.Tenant, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(r.Time.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync((long)r.Duration.TotalMicroseconds, NpgsqlDbType.Bigint, cancellation);
            await Text(copy, cancellation, r.Method, r.Path, r.Route);
            await copy.WriteAsync(r.Status, NpgsqlDbType.Integer, cancellation);
            await Text(copy, cancellation, r.ScimType, r.Detail, r.ConnectionId, r.Connection, r.TokenId, r.TokenPrefix, r.Source, r.UserAgent, r.RequestId, r.TraceId);
            await copy.WriteAsync(r.Times, NpgsqlDbType.Bigint, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    public static async Task Store(NpgsqlConnection connection, IReadOnlyCollection<AccessRecord> records, CancellationToken cancellation)
    {
        if (records.Count == 0) return;
        await using var copy = await connection.BeginBinaryImportAsync(CopyAccess, cancellation);
        foreach (var r in records)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(r.Tenant, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(r.Time.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellation);
            await Text(copy, cancellation, r.ActorKind, r.ActorId, r.ActorName, r.TokenPrefix, r.Method, r.Path, r.Filter, r.Format);
            await copy.WriteAsync(r.Status, NpgsqlDbType.Integer, cancellation);
            if (r.Count is { } count) await copy.WriteAsync(count, NpgsqlDbType.Bigint, cancellation);
            else await copy.WriteNullAsync(cancellation);
            await Text(copy, cancellation, r.Source, r.UserAgent, r.RequestId);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>Removes what is older, a part at a time, so that no lock and no transaction lasts long.</summary>
    /// <returns>How many rows were removed.</returns>
    public static async Task<long> Purge(NpgsqlDataSource database, string table, DateTimeOffset before, CancellationToken cancellation)
    {
        const int Part = 10_000;
        for (long removed = 0; ;)
        {
            await using var command = database.CreateCommand(
                $"delete from {table} where id in (select id from {table} where time < $1 limit {Part})");
            command.Parameters.Add(new NpgsqlParameter { Value = before.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
            var part = await command.ExecuteNonQueryAsync(cancellation);
            removed += part;
            if (part < Part) return removed;
        }
    }

    // PostgreSQL stores no U+0000; a request may hold one in its path.
    private static async Task Text(NpgsqlBinaryImporter copy, CancellationToken cancellation, params string?[] values)
    {
        foreach (var value in values)
            if (value is null) await copy.WriteNullAsync(cancellation);
            else await copy.WriteAsync(value.Replace('\0', '\uFFFD'), NpgsqlDbType.Text, cancellation);
    }
}

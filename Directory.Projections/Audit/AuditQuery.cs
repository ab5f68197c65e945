using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>A page of the audit: entries as JSON text, newest first, and where the next page begins.</summary>
/// <param name="Entries">One JSON object each.</param>
/// <param name="Before">The sequence number that the next page lies below, null when this is the last page.</param>
public sealed record AuditPage(IReadOnlyList<string> Entries, long? Before);

/// <summary>Reads the audit. Order is by sequence number only, never by time.</summary>
public sealed class AuditQuery(NpgsqlDataSource database)
{
    internal const string Entry = """
        jsonb_strip_nulls(jsonb_build_object(
            'id', id, 'sequence', seq, 'time', to_char(time at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'action', action, 'eventType', event_type, 'sentence', sentence, 'noOp', no_op, 'outcome', 'success',
            'actor', jsonb_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name, 'tokenId', token_id,
                'tokenPrefix', detail -> 'tokenPrefix'),
            'source', jsonb_build_object('address', detail -> 'sourceAddress', 'userAgent', detail -> 'userAgent'),
            'request', jsonb_build_object('id', request_id) || (detail -> 'request'),
            'target', jsonb_build_object('type', stream_type, 'id', stream_id, 'name', target_name, 'externalId', external_id,
                'version', stream_version),
            'members', members)) || jsonb_build_object('changes', changes)
        """;

    /// <summary>Newest first.</summary>
    public async Task<AuditPage> Search(string tenant, AuditFilter filter, long? before, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        var where = Where(command, tenant, filter);
        if (before is { } upper) where += $" and seq < {Add(command, upper, NpgsqlDbType.Bigint)}";
        command.CommandText =
            $"select ({Entry})::text, seq from audit_entry where {where} order by seq desc limit {Add(command, count + 1L, NpgsqlDbType.Bigint)}";
        var entries = await Read(command, cancellation);
        return entries.Count <= count
            ? new AuditPage([.. entries.Select(e => e.Json)], null)
            : new AuditPage([.. entries.Take(count).Select(e => e.Json)], entries[count - 1].Sequence);
    }

    /// <summary>Everything that happened to one user or group, oldest first.</summary>
    public async Task<IReadOnlyList<string>> Timeline(string tenant, string type, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        var where = Where(command, tenant, new AuditFilter { Target = id, TargetType = type });
        command.CommandText = $"select ({Entry})::text, seq from audit_entry where {where} order by seq";
        return [.. (await Read(command, cancellation)).Select(e => e.Json)];
    }

    private static string Where(NpgsqlCommand command, string tenant, AuditFilter filter)
    {
        var conditions = new List<string> { $"tenant_id = {Add(command, tenant, NpgsqlDbType.Text)}" };
        if (filter.Since is { } since) conditions.Add($"time >= {Add(command, since.ToUniversalTime(), NpgsqlDbType.TimestampTz)}");
        if (filter.Until is { } until) conditions.Add($"time < {Add(command, until.ToUniversalTime(), NpgsqlDbType.TimestampTz)}");
        if (filter.Target is { } target) conditions.Add($"stream_id = {Add(command, target, NpgsqlDbType.Uuid)}");
        if (filter.TargetName is { } name) conditions.Add($"lower(target_name) = lower({Add(command, name, NpgsqlDbType.Text)})");
        if (filter.TargetType is { } type) conditions.Add($"stream_type = {Add(command, type, NpgsqlDbType.Text)}");
        if (filter.Action is { } action) conditions.Add($"action = {Add(command, action, NpgsqlDbType.Text)}");
        if (filter.RequestId is { } request) conditions.Add($"request_id = {Add(command, request, NpgsqlDbType.Text)}");
        if (filter.Actor is { } actor)
        {
            var value = Add(command, actor, NpgsqlDbType.Text);
            conditions.Add($"(actor_name = {value} or actor_id = {value} or actor_kind = {value})");
        }

        return string.Join(" and ", conditions);
    }

    private static string Add(NpgsqlCommand command, object value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
    }

    private static async Task<List<(string Json, long Sequence)>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        var entries = new List<(string, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) entries.Add((reader.GetString(0), reader.GetInt64(1)));
        return entries;
    }
}

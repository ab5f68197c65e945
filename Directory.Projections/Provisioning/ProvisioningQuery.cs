using Directory.Domain.Provisioning;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>Reads what an administrator is shown of provisioning.</summary>
public sealed class ProvisioningQuery(NpgsqlDataSource database)
{
    private const string Switch = """
        select is_on, switched_at, switch_reason, paused_at, pause_reason, token_days, silent_hours from provisioning where tenant_id = $1
        """;

    // The count is that of the changes that would be too many together with the next ones.
    private const string Connections = """
        select n.id, n.name, n.created_at, n.paused_at, n.pause_reason, n.is_braked, n.brake_changes, n.brake_minutes,
            (select count(*)::integer from brake_change b join brake_count k using (tenant_id, connection_id)
             where b.tenant_id = n.tenant_id and b.connection_id = n.id and b.number > k.counted_from
                and b.time > now() - make_interval(mins => n.brake_minutes)),
            a.last_request_at, a.last_request_status, a.last_request_from, a.last_test_at, a.last_test_status, a.last_test_client,
            f.time, f.status, f.scim_type, f.detail, f.method, f.route, f.request_id
        from connection n
        left join connection_activity a on a.tenant_id = n.tenant_id and a.connection_id = n.id
        left join lateral (
            select * from request_log r where r.tenant_id = n.tenant_id and r.connection_id = n.id::text and r.status >= 400
            order by r.time desc, r.id desc limit 1) f on true
        where n.tenant_id = $1 and n.removed_at is null order by n.created_at, n.id
        """;

    private const string Days = """
        select connection_id, day, requests, refused from connection_day
        where tenant_id = $1 and day > (now() at time zone 'UTC')::date - 14 order by connection_id, day
        """;

    private const string Tokens = """
        select c.id, c.role, c.connection_id, c.name, c.prefix, c.created_at, c.not_before, c.expires_at, c.revoked_at, u.at, u.source
        from credential c left join credential_use u on u.credential_id = c.id
        where c.tenant_id = $1 order by c.created_at, c.id
        """;

    public async Task<ProvisioningStatus> Read(string tenant, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var sql in (string[])[Switch, Days, Connections, Tokens])
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
            batch.BatchCommands.Add(command);
        }

        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var status = await row.ReadAsync(cancellation)
            ? new ProvisioningStatus(
                row.GetBoolean(0), Time(row, 1), Text(row, 2), Time(row, 3), Text(row, 4),
                new ProvisioningSettings(row.GetInt32(5), row.GetInt32(6)), [], [])
            : new ProvisioningStatus(false, null, null, null, null, ProvisioningSettings.Default, [], []);
        await row.NextResultAsync(cancellation);
        var days = (await ReadAll(row, r => (Connection: r.GetGuid(0), Day: new RequestDay(r.GetFieldValue<DateOnly>(1), r.GetInt64(2), r.GetInt64(3))), cancellation))
            .ToLookup(d => d.Connection, d => d.Day);
        await row.NextResultAsync(cancellation);
        var connections = await ReadAll(row, r => ReadConnection(r, [.. days[r.GetGuid(0)]]), cancellation);
        await row.NextResultAsync(cancellation);
        return status with { Connections = connections, Tokens = await ReadAll(row, ReadToken, cancellation) };
    }

    private static async Task<IReadOnlyList<T>> ReadAll<T>(NpgsqlDataReader row, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var all = new List<T>();
        while (await row.ReadAsync(cancellation)) all.Add(read(row));
        return all;
    }

    private static ConnectionStatus ReadConnection(NpgsqlDataReader row, IReadOnlyList<RequestDay> days) => new(
        row.GetGuid(0), row.GetString(1), Time(row, 2)!.Value, Time(row, 3), Text(row, 4), row.GetBoolean(5),
        row.IsDBNull(6) ? null : new MassChangeBrake(row.GetInt32(6), row.GetInt32(7)), row.GetInt32(8),
        Time(row, 9) is { } request ? new RequestMoment(request, row.GetInt32(10), Text(row, 11)) : null,
        Time(row, 12) is { } test ? new ConnectionTest(test, row.GetInt32(13), row.GetString(14)) : null,
        Time(row, 15) is { } failure
            ? new RequestFailure(failure, row.GetInt32(16), Text(row, 17), Text(row, 18), row.GetString(19), Text(row, 20), row.GetString(21))
            : null,
        days);

    private static TokenStatus ReadToken(NpgsqlDataReader row) => new(
        row.GetGuid(0), TokenRole.KindOf(row.GetString(1)), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), row.GetString(4),
        Time(row, 5)!.Value, Time(row, 6), Time(row, 7), Time(row, 8), Time(row, 9), Text(row, 10));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

using Directory.Projections.Audit;
using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Reports;

/// <summary>Reads what the reports show. Rows are in the order of the sequence, or of names.</summary>
public sealed class ReportQuery(NpgsqlDataSource database)
{
    /// <summary>What tells that somebody moved, beside the URN of the enterprise extension, which some clients leave out.</summary>
    private static readonly string[] MoverAttributes =
        ["title", "usertype", "department", "division", "organization", "costcenter", "manager", "manager.value", "manager.displayname", "manager.$ref"];

    public Task<IReadOnlyList<Deprovisioned>> Deprovisioned(string tenant, ReportPeriod period, int limit, CancellationToken cancellation) =>
        InPeriod(tenant, period, limit, (where, values) => $"""
            select e.seq, e.time, e.action, e.stream_id, e.target_name, e.external_id, e.actor_name, e.request_id, r.time,
                r.time + r.duration_us * interval '1 microsecond', r.duration_us
            from audit_entry e left join lateral (
                select r.time, r.duration_us from request_log r
                where r.tenant_id = e.tenant_id and r.request_id = e.request_id and r.status < 400 and r.time <= e.time
                order by r.time desc limit 1) r on true
            where {where} and e.action in ('deactivate', 'delete') and e.stream_type = 'user'
            """,
            row => new Deprovisioned(
                row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetGuid(3), row.GetString(4), Text(row, 5),
                row.GetString(6), Text(row, 7), Time(row, 8), Time(row, 9), row.IsDBNull(10) ? null : row.GetInt64(10) / 1000.0), cancellation);

    /// <summary>Refused PUT, PATCH and DELETE of users, by cause, the most frequent first.</summary>
    public async Task<IReadOnlyList<RefusedChange>> Refused(string tenant, ReportPeriod period, CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        return await Read($"""
            select status, scim_type, method, connection, sum(times)::bigint, max(time), (array_agg(detail order by time desc, id desc))[1],
                (array_agg(request_id order by time desc, id desc))[1]
            from request_log where tenant_id = {values.Text(tenant)} and time >= {values.Time(period.From)} and time < {values.Time(period.To)}
                and status >= 400 and method in ('PUT', 'PATCH', 'DELETE') and route like '%/Users/%'
            group by status, scim_type, method, connection order by sum(times) desc, status, scim_type, method, connection
            """, values,
            row => new RefusedChange(
                row.GetInt32(0), Text(row, 1), row.GetString(2), Text(row, 3), row.GetInt64(4), row.GetFieldValue<DateTimeOffset>(5),
                Text(row, 6), row.GetString(7)), cancellation);
    }

    public Task<IReadOnlyList<Movement>> Movements(string tenant, ReportPeriod period, int limit, CancellationToken cancellation) =>
        InPeriod(tenant, period, limit, (where, values) => $"""
            select e.seq, e.time, e.action, e.stream_id, e.target_name, e.external_id, e.actor_name, m.paths, e.sentence
            from audit_entry e cross join lateral (
                select array(select distinct c ->> 'path' from jsonb_array_elements(e.changes) c
                    where lower(regexp_replace(c ->> 'path', '^urn:.*:', '')) = any ({values.Texts(MoverAttributes)}) order by 1) as paths) m
            where {where} and e.stream_type = 'user' and e.action in ('create', 'adopt', 'restore', 'reactivate', 'replace', 'patch', 'deactivate', 'delete')
                and (e.action not in ('replace', 'patch') or cardinality(m.paths) > 0)
            """,
            row =>
            {
                var kind = row.GetString(2) switch
                {
                    "create" or "adopt" => "joiner",
                    "restore" or "reactivate" => "returner",
                    "replace" or "patch" => "mover",
                    _ => "leaver",
                };
                return new Movement(
                    kind, row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetGuid(3), row.GetString(4), Text(row, 5),
                    row.GetString(6), kind == "mover" ? row.GetFieldValue<string[]>(7) : [], row.GetString(8));
            }, cancellation);

    /// <param name="tenant">The directory.</param>
    /// <param name="connection">The id of a connection; null: any SCIM connection.</param>
    /// <param name="since">Null: ever.</param>
    /// <param name="limit">So many users at most, by userName.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<IReadOnlyList<UntouchedUser>> Untouched(
        string tenant, Guid? connection, DateTimeOffset? since, int limit, CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        var touch = "e.tenant_id = u.tenant_id and e.stream_id = u.id and e.actor_kind = 'scim'"
            + (connection is { } id ? $" and e.actor_id = {values.Text(id.ToString())}" : "");
        return await Read($"""
            select u.id, u.user_name, u.external_id, u.active, u.created, u.last_modified,
                (select e.time from audit_entry e where {touch} order by e.seq desc limit 1)
            from scim_user u where u.tenant_id = {values.Text(tenant)} and not exists (
                select from audit_entry e where {touch}{(since is { } time ? $" and e.time >= {values.Time(time)}" : "")})
            order by u.user_name_key limit {values.Number(limit)}
            """, values,
            row => new UntouchedUser(
                row.GetGuid(0), row.GetString(1), Text(row, 2), row.GetBoolean(3), row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5), Time(row, 6)), cancellation);
    }

    /// <summary>Attributes of requests that changed nothing, by connection, the most frequent first.</summary>
    public Task<IReadOnlyList<NoOpPush>> NoOpPushes(string tenant, ReportPeriod period, int limit, CancellationToken cancellation) =>
        InPeriod(tenant, period, limit, (where, values) => $"""
            select e.actor_id, (array_agg(e.actor_name order by e.seq desc))[1], e.stream_type, a.name, count(*), count(distinct e.stream_id), max(e.time)
            from audit_entry e cross join lateral (select e.detail -> 'request' -> 'sent' as sent) s cross join lateral (
                select distinct n.name from (
                    select k as name from jsonb_object_keys(case jsonb_typeof(s.sent) when 'object' then s.sent else '{EmptyObject}' end) k
                        where k not in ('schemas', 'id', 'meta')
                    union all
                    select o ->> 'path' from jsonb_array_elements(case jsonb_typeof(s.sent) when 'array' then s.sent else '[]' end) o
                    union all
                    select k from jsonb_array_elements(case jsonb_typeof(s.sent) when 'array' then s.sent else '[]' end) o,
                        jsonb_object_keys(case when o ->> 'path' is null and jsonb_typeof(o -> 'value') = 'object' then o -> 'value' else '{EmptyObject}' end) k
                        where k not in ('schemas', 'id', 'meta')) n
                where n.name is not null
                union all select '' where s.sent is null) a
            where {where} and e.no_op and e.actor_kind = 'scim'
            group by e.actor_id, e.stream_type, a.name
            """,
            row => new NoOpPush(
                Text(row, 0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5),
                row.GetFieldValue<DateTimeOffset>(6)), cancellation, order: "order by 5 desc, 1, 3, 4");

    private const string EmptyObject = "{}";

    private async Task<IReadOnlyList<T>> InPeriod<T>(
        string tenant, ReportPeriod period, int limit, Func<string, SqlParameters, string> select, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation, string order = "order by e.seq")
    {
        var filter = new AuditFilter { Since = period.From, Until = period.To };
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var place = await AuditPlace.Find(connection, tenant, filter, cancellation);
        var values = new SqlParameters(1);
        var where = $"""
            e.tenant_id = {values.Text(tenant)} and e.seq >= {values.Number(Math.Min(place.Settled.First, place.Recent.First))}
                and (e.seq <= {values.Number(place.Settled.Last)} or e.seq >= {values.Number(place.Recent.First)})
                and e.time >= {values.Time(period.From)} and e.time < {values.Time(period.To)}
            """;
        return await Read($"{select(where, values)} {order} limit {values.Number(limit)}", values, read, cancellation);
    }

    private async Task<IReadOnlyList<T>> Read<T>(
        string sql, SqlParameters values, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(values.All.ToArray());
        var rows = new List<T>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) rows.Add(read(row));
        return rows;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

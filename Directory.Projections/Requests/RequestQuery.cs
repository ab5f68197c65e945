using System.Runtime.CompilerServices;
using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Requests;

/// <summary>Reads the log of requests, newest first.</summary>
public sealed class RequestQuery(NpgsqlDataSource database)
{
    private const string Columns = """
        r.id, r.time, r.duration_us, r.method, r.path, r.route, r.status, r.scim_type, r.detail, r.connection_id, r.connection, r.token_id,
        r.token_prefix, r.source, r.user_agent, r.request_id, r.trace_id, r.times,
        case when r.token_id is null then 0
            else (select count(*) from audit_entry e where e.tenant_id = r.tenant_id and e.request_id = r.request_id) end
        """;

    public static RecordPosition Position(RequestRow row) => new(row.Time, row.Id);

    /// <param name="before">Null from the newest on.</param>
    /// <param name="limit">Null for all.</param>
    public async IAsyncEnumerable<RequestRow> Read(
        string tenant, RequestFilter filter, RecordPosition? before, int? limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var sql = List(tenant, filter, before, limit);
        await using var command = database.CreateCommand(sql.Text);
        command.Parameters.AddRange(sql.Parameters.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) yield return Row(row);
    }

    public static SqlFragment List(string tenant, RequestFilter filter, RecordPosition? before, int? limit)
    {
        var values = new SqlParameters(1);
        var where = Where(tenant, filter, values);
        if (before is { } position) where += $" and (r.time, r.id) < ({values.Time(position.Time)}, {values.Number(position.Id)})";
        return new SqlFragment(
            $"select {Columns} from request_log r where {where} order by r.time desc, r.id desc{(limit is { } n ? $" limit {values.Number(n)}" : "")}",
            values.All);
    }

    /// <summary>What was refused, by cause, the most frequent first.</summary>
    public async Task<IReadOnlyList<CauseRow>> Causes(string tenant, RequestFilter filter, int limit, CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        var where = Where(tenant, filter with { Failed = true }, values);
        await using var command = database.CreateCommand($"""
            select r.status, r.scim_type, r.method, r.route, r.connection, sum(r.times)::bigint, min(r.time), max(r.time),
                (array_agg(r.detail order by r.time desc, r.id desc))[1], (array_agg(r.request_id order by r.time desc, r.id desc))[1]
            from request_log r where {where}
            group by r.status, r.scim_type, r.method, r.route, r.connection
            order by sum(r.times) desc, r.status, r.scim_type, r.method, r.route, r.connection limit {values.Number(limit)}
            """);
        command.Parameters.AddRange(values.All.ToArray());
        var causes = new List<CauseRow>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            causes.Add(new CauseRow(
                row.GetInt32(0), Text(row, 1), row.GetString(2), Text(row, 3), Text(row, 4), row.GetInt64(5),
                row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), Text(row, 8), row.GetString(9)));
        return causes;
    }

    private static string Where(string tenant, RequestFilter filter, SqlParameters values)
    {
        var conditions = new List<string> { $"r.tenant_id = {values.Text(tenant)}" };
        if (filter.Since is { } since) conditions.Add($"r.time >= {values.Time(since)}");
        if (filter.Until is { } until) conditions.Add($"r.time < {values.Time(until)}");
        if (filter.Failed is { } failed) conditions.Add(failed ? "r.status >= 400" : "r.status < 400");
        if (filter.Status is { } status) conditions.Add($"r.status = {values.Number(status)}");
        if (filter.ScimType is { } type) conditions.Add($"r.scim_type = {values.Text(type)}");
        if (filter.Method is { } method) conditions.Add($"r.method = {values.Text(method)}");
        if (filter.Route is { } route) conditions.Add($"r.route = {values.Text(route)}");
        if (filter.RequestId is { } id) conditions.Add($"r.request_id = {values.Text(id)}");
        if (filter.Source is { } source) conditions.Add($"r.source = {values.Text(source)}");
        if (filter.Connection is { } connection)
        {
            var value = values.Text(connection);
            conditions.Add($"(r.connection_id = {value} or r.connection = {value})");
        }

        return string.Join(" and ", conditions);
    }

    private static RequestRow Row(NpgsqlDataReader row)
    {
        var status = row.GetInt32(6);
        return new RequestRow(
            row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2) / 1000.0, row.GetString(3), row.GetString(4), Text(row, 5), status,
            status >= 400 ? "failure" : "success", Text(row, 7), Text(row, 8), Text(row, 9), Text(row, 10), Text(row, 11), Text(row, 12),
            Text(row, 13), Text(row, 14), row.GetString(15), Text(row, 16), row.GetInt64(17), row.GetInt64(18));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

using System.Runtime.CompilerServices;
using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Requests;

/// <summary>Which accesses are asked for; null restricts nothing.</summary>
/// <param name="Since">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="Actor">The id or the name of whoever it was.</param>
/// <param name="Path">The beginning of the path.</param>
public sealed record AccessFilter(DateTimeOffset? Since, DateTimeOffset? Until, string? Actor, string? Path);

/// <summary>An access as the log shows it; see <see cref="AccessRecord"/>.</summary>
public sealed record AccessRow(
    long Id, DateTimeOffset Time, string ActorKind, string? ActorId, string ActorName, string? TokenPrefix, string Method, string Path,
    string? Filter, string? Format, int Status, long? Count, string? Source, string? UserAgent, string RequestId);

/// <summary>Reads who read the audit and who administered, newest first.</summary>
public sealed class AccessQuery(NpgsqlDataSource database)
{
    public static RecordPosition Position(AccessRow row) => new(row.Time, row.Id);

    /// <param name="before">Null from the newest on.</param>
    /// <param name="limit">Null for all.</param>
    public async IAsyncEnumerable<AccessRow> Read(
        string tenant, AccessFilter filter, RecordPosition? before, int? limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        var conditions = new List<string> { $"tenant_id = {values.Text(tenant)}" };
        if (filter.Since is { } since) conditions.Add($"time >= {values.Time(since)}");
        if (filter.Until is { } until) conditions.Add($"time < {values.Time(until)}");
        if (filter.Path is { } path) conditions.Add($"starts_with(path, {values.Text(path)})");
        if (filter.Actor is { } actor)
        {
            var value = values.Text(actor);
            conditions.Add($"(actor_id = {value} or actor_name = {value})");
        }

        if (before is { } position) conditions.Add($"(time, id) < ({values.Time(position.Time)}, {values.Number(position.Id)})");
        await using var command = database.CreateCommand($"""
            select id, time, actor_kind, actor_id, actor_name, token_prefix, method, path, filter, format, status, count, source, user_agent, request_id
            from access_log where {string.Join(" and ", conditions)} order by time desc, id desc{(limit is { } n ? $" limit {values.Number(n)}" : "")}
            """);
        command.Parameters.AddRange(values.All.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            yield return new AccessRow(
                row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), Text(row, 3), row.GetString(4), Text(row, 5),
                row.GetString(6), row.GetString(7), Text(row, 8), Text(row, 9), row.GetInt32(10), row.IsDBNull(11) ? null : row.GetInt64(11),
                Text(row, 12), Text(row, 13), row.GetString(14));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

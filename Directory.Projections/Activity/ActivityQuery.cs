using Directory.Projections.Replay;
using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Activity;

/// <summary>What happened in an hour or a day.</summary>
/// <param name="From">Its beginning (UTC).</param>
/// <param name="Action">As in the audit.</param>
/// <param name="Entries">Events, those that changed nothing included.</param>
/// <param name="NoOps">Of them those that changed nothing.</param>
public sealed record ActivityRow(DateTimeOffset From, string Action, long Entries, long NoOps);

/// <summary>Requests that were refused in an hour or a day, by status.</summary>
public sealed record RefusalRow(DateTimeOffset From, int Status, long Requests);

/// <summary>How many users and groups there are.</summary>
/// <param name="Inactive">At most <see cref="ActivityQuery.MostCounted"/> + 1, which means: more.</param>
public sealed record Population(long Users, long Inactive, long Groups);

/// <summary>Reads the figures of the overview, each at a cost that does not grow with the history.</summary>
public sealed class ActivityQuery(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Nothing is counted row by row beyond this.</summary>
    public const int MostCounted = 100_000;

    private readonly ListBlocks _blocks = new(database, clock);

    /// <param name="tenant">The directory.</param>
    /// <param name="unit"><c>hour</c> or <c>day</c>.</param>
    /// <param name="since">From there on (UTC).</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<IReadOnlyList<ActivityRow>> Activity(string tenant, string unit, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select date_trunc($3, hour, 'UTC'), action, sum(entries)::bigint, sum(no_ops)::bigint
            from activity_hour where tenant_id = $1 and hour >= $2 group by 1, 2 order by 1, 2
            """);
        await using var row = await command.With(tenant).With(since).With(unit).ExecuteReaderAsync(cancellation);
        var rows = new List<ActivityRow>();
        while (await row.ReadAsync(cancellation))
            rows.Add(new ActivityRow(row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)));
        return rows;
    }

    /// <summary>Refused SCIM requests; when there are very many, only the newest are counted.</summary>
    public async Task<IReadOnlyList<RefusalRow>> Refusals(string tenant, string unit, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select date_trunc($3, time, 'UTC'), status, sum(times)::bigint from (
                select time, status, times from request_log where tenant_id = $1 and time >= $2 and status >= 400
                order by time desc, id desc limit {MostCounted}) r
            group by 1, 2 order by 1, 2
            """);
        await using var row = await command.With(tenant).With(since).With(unit).ExecuteReaderAsync(cancellation);
        var rows = new List<RefusalRow>();
        while (await row.ReadAsync(cancellation)) rows.Add(new RefusalRow(row.GetFieldValue<DateTimeOffset>(0), row.GetInt32(1), row.GetInt64(2)));
        return rows;
    }

    public async Task<Population> Population(string tenant, CancellationToken cancellation)
    {
        await using var inactive = database.CreateCommand(
            $"select count(*) from (select from scim_user where tenant_id = $1 and not active limit {MostCounted + 1}) u");
        return new Population(
            await Total("scim_user", tenant, cancellation), (long)(await inactive.With(tenant).ExecuteScalarAsync(cancellation))!,
            await Total("scim_group", tenant, cancellation));
    }

    private async Task<long> Total(string table, string tenant, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ListBlocks.Total(table));
        await using var row = await command.With(tenant).ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var (counted, beyond) = (row.GetInt64(0), row.GetInt64(1));
        await row.CloseAsync();
        await _blocks.Extend(table, tenant, beyond, cancellation);
        return counted + beyond;
    }
}

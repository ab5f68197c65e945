using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Search;

/// <summary>
/// Lists resources for clients, in a stable total order: by the attribute asked for, the id deciding between equals, or by the id
/// alone, which is the order of creation. The stored text goes out as it is.
/// </summary>
public sealed class ResourceList(NpgsqlDataSource database, TimeProvider clock)
{
    private readonly ListBlocks _blocks = new(database, clock);

    /// <summary>A page by index (RFC 7644 §3.4.2.4).</summary>
    public async Task<ResourcePage> Find(ResourceSearch search, Page page, CancellationToken cancellation)
    {
        if (page.Count == 0) return new ResourcePage(await Total(search, cancellation), []);
        var sql = new ListSql(search);
        var rows = new List<ListRow>(page.Count);
        var total = await Read(search, rows, command => sql.PageAt(command, page.StartIndex - 1, page.Count), withTotal: sql.IsWhole, cancellation);
        // A page that is not full is the last, and tells the total by itself.
        if (total is null && rows.Count < page.Count && (rows.Count > 0 || page.StartIndex == 1)) total = page.StartIndex - 1 + rows.Count;
        return new ResourcePage(total ?? await Total(search, cancellation), [.. rows.Select(row => row.Resource)]);
    }

    /// <summary>
    /// A page of a walk: who is there from its beginning to its end is met once, whatever is created and deleted meanwhile. Who
    /// changes the attribute that is sorted by may be met twice, or not.
    /// </summary>
    /// <param name="search">The same for the whole walk.</param>
    /// <param name="step">Where to go on.</param>
    /// <param name="count">Resources at most, above 0.</param>
    /// <param name="knownTotal">From an earlier page, where counting again would cost as much as all pages.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<WalkPage> Walk(ResourceSearch search, ListStep step, int count, long? knownTotal, CancellationToken cancellation)
    {
        var sql = new ListSql(search);
        var rows = new List<ListRow>(count + 1);
        // Ascending, those without a key come last; descending, first (RFC 7644 §3.4.2.3).
        bool[] phases = !sql.HasAbsentKeys ? [false] : search.Descending ^ step.Backward ? [true, false] : [false, true];
        var from = step.From;
        foreach (var absent in phases.SkipWhile(absent => from is not null && phases.Length > 1 && absent != from.Key is null))
        {
            var (start, wanted) = (from, count + 1 - rows.Count);
            await Read(search, rows, command => sql.PageFrom(command, start, step.Backward, absent, wanted), withTotal: false, cancellation);
            if (rows.Count > count) break;
            from = null;
        }

        var more = rows.Count > count;
        if (more) rows.RemoveAt(count);
        if (step.Backward) rows.Reverse();
        var total = IsCounted(search) || knownTotal is null
            ? step.From is null && !more ? rows.Count : await Total(search, cancellation)
            : knownTotal.Value;
        return new WalkPage(total, [.. rows.Select(row => row.Resource)],
            rows.Count > 0 && (step.Backward ? more : step.From is not null) ? new ListStep(rows[0].Position, Backward: true) : null,
            rows.Count > 0 && (step.Backward || more) ? new ListStep(rows[^1].Position, Backward: false) : null);
    }

    private static bool IsCounted(ResourceSearch search) => search.Sources.All(source => source.Filter is null);

    private async Task<long> Total(ResourceSearch search, CancellationToken cancellation)
    {
        if (!IsCounted(search))
        {
            await using var batch = database.CreateBatch();
            new ListSql(search).Total(Added(batch));
            return (long)(await batch.ExecuteScalarAsync(cancellation))!;
        }

        var total = 0L;
        foreach (var source in search.Sources)
        {
            await using var batch = database.CreateBatch();
            AddTotal(batch, source.Table.Name, search.Tenant);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            total += await ReadTotal(reader, source.Table.Name, search.Tenant, cancellation);
        }

        return total;
    }

    /// <returns>The total if it was asked for, which only the whole list of one type is.</returns>
    private async Task<long?> Read(
        ResourceSearch search, List<ListRow> rows, Action<NpgsqlBatchCommand> write, bool withTotal, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        write(Added(batch));
        var table = search.Sources[0].Table.Name;
        if (withTotal) AddTotal(batch, table, search.Tenant);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var resource = search.Sources[reader.GetInt32(1)].Table.Read(reader, first: 3);
            rows.Add(new ListRow(resource, new ListPosition(reader.IsDBNull(2) ? null : reader.GetString(2), resource.Id)));
        }

        if (!withTotal) return null;
        await reader.NextResultAsync(cancellation);
        return await ReadTotal(reader, table, search.Tenant, cancellation);
    }

    private async Task<long> ReadTotal(NpgsqlDataReader reader, string table, string tenant, CancellationToken cancellation)
    {
        await reader.ReadAsync(cancellation);
        var (inBlocks, beyond) = (reader.GetInt64(0), reader.GetInt64(1));
        await reader.CloseAsync();
        await _blocks.Extend(table, tenant, beyond, cancellation);
        return inBlocks + beyond;
    }

    private static void AddTotal(NpgsqlBatch batch, string table, string tenant)
    {
        var command = Added(batch);
        command.CommandText = ListBlocks.Total(table);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
    }

    private static NpgsqlBatchCommand Added(NpgsqlBatch batch)
    {
        var command = new NpgsqlBatchCommand();
        batch.BatchCommands.Add(command);
        return command;
    }

    private sealed record ListRow(StoredResource Resource, ListPosition Position);
}

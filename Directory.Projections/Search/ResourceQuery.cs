using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Search;

/// <summary>Reads resources for clients: one by id, or a page of a list. Nothing is parsed on the way: the stored text goes out.</summary>
public sealed class ResourceQuery(NpgsqlDataSource database, ResourceTable table)
{
    public ResourceType Type => table.Type;

    /// <param name="tenant">The directory.</param>
    /// <param name="id">The id of the resource.</param>
    /// <param name="baseUrl">For the addresses of linked resources.</param>
    /// <param name="linked">Whether a user's groups or a group's members are wanted.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<StoredResource?> Find(string tenant, Guid id, string baseUrl, bool linked, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(linked ? table.SelectOneWithLinked : table.SelectOne);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Uuid });
        if (linked) command.Parameters.Add(new NpgsqlParameter { Value = baseUrl, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? table.Read(row) : null;
    }

    /// <summary>The groups of a user or the members of a group as the text of JSON elements, null if there are none.</summary>
    public async Task<string?> Linked(Guid id, string tenant, string baseUrl, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(table.SelectLinked);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = baseUrl, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>
    /// A page of what the filter matches, in a stable total order: the order of creation, or the one asked for with the id deciding
    /// between equals.
    /// </summary>
    public async Task<ResourcePage> Search(
        SearchScope scope, ResourceSearch search, bool linked, CancellationToken cancellation)
    {
        if (search.Page.Count == 0) return new ResourcePage(await Total(scope, search.Filter, cancellation), []);
        await using var command = database.CreateCommand();
        var (page, where) = (search.Page, Where(command, scope, search.Filter, firstFree: 4));
        command.Parameters.Insert(1, new NpgsqlParameter { Value = page.StartIndex - 1, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Insert(2, new NpgsqlParameter { Value = scope.BaseUrl, NpgsqlDbType = NpgsqlDbType.Text });
        // The ids of the page are found first, so that the rows before it are passed over without being read.
        command.CommandText = $"""
            select {(linked ? table.ColumnsWithLinked : table.Columns + ", $3")}
            from (select r.id, row_number() over () as n from (select r.id from {table.Name} r where {where} order by {search.OrderBy} offset $2 limit {page.Count}) r) p
            join {table.Name} r on r.tenant_id = $1 and r.id = p.id order by p.n
            """;
        var resources = new List<StoredResource>(page.Count);
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation)) resources.Add(table.Read(reader));

        // A page that is not full is the last, and tells the total by itself.
        var isLast = resources.Count < page.Count && (resources.Count > 0 || page.StartIndex == 1);
        return new ResourcePage(isLast ? page.StartIndex - 1 + resources.Count : await Total(scope, search.Filter, cancellation), resources);
    }

    private async Task<long> Total(SearchScope scope, ScimFilter? filter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"select count(*) from {table.Name} r where {Where(command, scope, filter, firstFree: 2)}";
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static string Where(NpgsqlCommand command, SearchScope scope, ScimFilter? filter, int firstFree)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = scope.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        if (filter is null) return "r.tenant_id = $1";
        var condition = FilterSql.Compile(filter, scope, firstFree);
        foreach (var parameter in condition.Parameters) command.Parameters.Add(parameter);
        return $"r.tenant_id = $1 and {condition.Text}";
    }
}

using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Search;

/// <summary>Reads resources for clients: one by id, or what is linked to it. Nothing is parsed on the way: the stored text goes out.</summary>
public sealed class ResourceQuery(NpgsqlDataSource database, ResourceTable table)
{
    public ResourceType Type => table.Type;

    public ResourceTable Table => table;

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

    /// <summary>The groups of a user or the members of a group as JSON elements in UTF-8, null if there are none.</summary>
    public async Task<byte[]?> Linked(Guid id, string tenant, string baseUrl, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(table.SelectLinked);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = baseUrl, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) && !row.IsDBNull(0) ? row.GetFieldValue<byte[]>(0) : null;
    }
}

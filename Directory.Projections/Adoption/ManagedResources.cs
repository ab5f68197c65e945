using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Adoption;

/// <summary>A live user or group, and who manages it.</summary>
/// <param name="Name">The userName or displayName.</param>
/// <param name="DisplayName">Of a user; null if it has none, and of a group.</param>
/// <param name="Active">Of a user; null of a group.</param>
/// <param name="ManagedBy">The id of the connection, null if it is local.</param>
/// <param name="Connection">The connection's name; null if it is local, or the connection is unknown.</param>
public sealed record ManagedResource(
    Guid Id, string Name, string? DisplayName, string? ExternalId, bool? Active, string? ManagedBy, string? Connection, DateTimeOffset LastModified);

/// <summary>Asks who manages the users, or the groups, of a directory.</summary>
public sealed class ManagedResources(NpgsqlDataSource database)
{
    /// <summary>Stands for "no connection" where the id of one could stand.</summary>
    public const string Local = "local";

    private const string Users = """
        select r.id, r.user_name, r.display_name, r.external_id, r.active, r.managed_by, n.name, r.last_modified
        from scim_user r left join connection n on n.tenant_id = r.tenant_id and n.id::text = r.managed_by
        """;

    private const string Groups = """
        select r.id, r.display_name, null::text, r.external_id, null::boolean, r.managed_by, n.name, r.last_modified
        from scim_group r left join connection n on n.tenant_id = r.tenant_id and n.id::text = r.managed_by
        """;

    /// <returns>Null when there is no such live user.</returns>
    public Task<ManagedResource?> User(string tenant, Guid id, CancellationToken cancellation) => Find(Users, tenant, id, cancellation);

    /// <returns>Null when there is no such live group.</returns>
    public Task<ManagedResource?> Group(string tenant, Guid id, CancellationToken cancellation) => Find(Groups, tenant, id, cancellation);

    /// <summary>Users in the order of their ids, which is that of their creation.</summary>
    /// <param name="managedBy"><see cref="Local"/>, the id of a connection, or null for all.</param>
    /// <param name="after">Those behind this one; <see cref="Guid.Empty"/> to begin.</param>
    public Task<IReadOnlyList<ManagedResource>> UsersOf(
        string tenant, string? managedBy, Guid after, int count, CancellationToken cancellation) => Page(Users, tenant, managedBy, after, count, cancellation);

    /// <inheritdoc cref="UsersOf"/>
    public Task<IReadOnlyList<ManagedResource>> GroupsOf(
        string tenant, string? managedBy, Guid after, int count, CancellationToken cancellation) => Page(Groups, tenant, managedBy, after, count, cancellation);

    /// <summary>How many users and groups a connection manages.</summary>
    public async Task<long> Count(string tenant, string connection, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select (select count(*) from scim_user where tenant_id = $1 and managed_by = $2)
                + (select count(*) from scim_group where tenant_id = $1 and managed_by = $2)
            """);
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Text, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<ManagedResource?> Find(string sql, string tenant, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{sql} where r.tenant_id = $1 and r.id = $2");
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Uuid, id);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    private async Task<IReadOnlyList<ManagedResource>> Page(
        string sql, string tenant, string? managedBy, Guid after, int count, CancellationToken cancellation)
    {
        var which = managedBy switch { null => "$4::text is null", Local => "r.managed_by is null and $4::text is not null", _ => "r.managed_by = $4" };
        await using var command = database.CreateCommand($"{sql} where r.tenant_id = $1 and r.id > $2 and {which} order by r.id limit $3");
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Uuid, after);
        Add(command, NpgsqlDbType.Integer, count);
        Add(command, NpgsqlDbType.Text, managedBy);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var page = new List<ManagedResource>();
        while (await row.ReadAsync(cancellation)) page.Add(Read(row));
        return page;
    }

    private static ManagedResource Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), Text(row, 2), Text(row, 3), row.IsDBNull(4) ? null : row.GetBoolean(4), Text(row, 5), Text(row, 6),
        row.GetFieldValue<DateTimeOffset>(7));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}

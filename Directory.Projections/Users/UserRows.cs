using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Search;
using Directory.Projections.Streams;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Users;

/// <summary>The rows of <c>scim_user</c> and of deleted users: how they are written, and how a state is read back from them.</summary>
internal static class UserRows
{
    public const string Columns = """
        tenant_id, id, version, stream_version, created, last_modified, active, user_name, user_name_key, display_name, external_id,
        managed_by, search, body
        """;

    // A deferred constraint is checked at the commit, where two that took the same name would each wait for the other until the database
    // breaks the deadlock. So who takes a name waits for others who take it, and then is told that it is taken.
    private const string Upsert = $"""
        insert into scim_user ({Columns})
        select ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^
        from (select case when ^ then pg_advisory_xact_lock(hashtextextended(^ || '/' || ^, 1)) end) turn
        on conflict (tenant_id, id) do update set version = excluded.version, stream_version = excluded.stream_version,
            last_modified = excluded.last_modified, active = excluded.active, user_name = excluded.user_name,
            user_name_key = excluded.user_name_key, display_name = excluded.display_name, external_id = excluded.external_id,
            managed_by = excluded.managed_by, search = excluded.search, body = excluded.body
        """;

    /// <param name="waits">Whether to wait for others who take the name; see <see cref="Folded.WaitsForNames"/>.</param>
    public static SqlOperation Store(ResourceType type, string tenant, User user, bool waits) => new(Upsert,
        [.. Values(type, tenant, user), (waits, NpgsqlDbType.Boolean), (tenant, NpgsqlDbType.Text), (CaseFolding.Fold(user.UserName), NpgsqlDbType.Text)]);

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public static (object? Value, NpgsqlDbType Type)[] Values(ResourceType type, string tenant, User user) =>
    [
        (tenant, NpgsqlDbType.Text), (user.Id, NpgsqlDbType.Uuid), (user.Meta.Version, NpgsqlDbType.Bigint),
        (user.Meta.StreamVersion, NpgsqlDbType.Bigint), (user.Meta.Created, NpgsqlDbType.TimestampTz),
        (user.Meta.LastModified, NpgsqlDbType.TimestampTz), (user.IsActive, NpgsqlDbType.Boolean), (user.UserName, NpgsqlDbType.Text),
        (CaseFolding.Fold(user.UserName), NpgsqlDbType.Text), (user.DisplayName, NpgsqlDbType.Text),
        (user.ExternalId, NpgsqlDbType.Text), (user.ManagedBy, NpgsqlDbType.Text),
        (SearchDocument.Of(type, user.Attributes).ToJsonString(), NpgsqlDbType.Jsonb),
        (ResourceWriter.Write(type, user.Id, user.Attributes, user.Meta), NpgsqlDbType.Text),
    ];

    public static SqlOperation Remove(string tenant, Guid id) => new("delete from scim_user where tenant_id = ^ and id = ^",
        (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid));

    public static SqlOperation StoreDeleted(ResourceType type, string tenant, User user) =>
        DeletedRows.Store(DeletedRows.Users, DeletedValues(type, tenant, user));

    /// <summary>In the order of <see cref="DeletedRows.Columns"/>.</summary>
    public static (object? Value, NpgsqlDbType Type)[] DeletedValues(ResourceType type, string tenant, User user) => DeletedRows.Values(
        tenant, user.Id, user.Meta, user.UserName, user.ManagedBy, ResourceWriter.Write(type, user.Id, user.Attributes, user.Meta));

    /// <summary>The state of a user, live or deleted, from its row; null if there is none.</summary>
    public static async Task<User?> FindAny(
        IQuerySession session, ResourceType type, string tenant, Guid id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select body, version, stream_version, created, last_modified, managed_by, false from scim_user where tenant_id = $1 and id = $2
            union all
            select body, version, stream_version, created, deleted_at, managed_by, true from deleted_user where tenant_id = $1 and id = $2
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = (NpgsqlDataReader)await session.ExecuteReaderAsync(command, cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, id) : null;
    }

    /// <summary>Columns: body, version, stream_version, created, last_modified, managed_by, deleted.</summary>
    public static User Read(NpgsqlDataReader row, Guid id) => new(
        id, StoredBody.Attributes(row.GetString(0)),
        new ResourceMeta(row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetInt64(1), row.GetInt64(2)),
        row.GetBoolean(6), row.IsDBNull(5) ? null : row.GetString(5));
}

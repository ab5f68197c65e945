using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Projections.Streams;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Groups;

/// <summary>The rows of <c>scim_group</c> and of deleted groups: how they are written, and how a state is read back from them.</summary>
internal static class GroupRows
{
    public const string Columns = """
        tenant_id, id, version, stream_version, created, last_modified, display_name, display_name_key, external_id, managed_by, search, body
        """;

    // Who takes a name waits for others who take it; see UserRows.
    private const string Upsert = $"""
        insert into scim_group ({Columns})
        select ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^
        from (select case when ^ then pg_advisory_xact_lock(hashtextextended(^ || '/' || ^, 2)) end) turn
        on conflict (tenant_id, id) do update set version = excluded.version, stream_version = excluded.stream_version,
            last_modified = excluded.last_modified, display_name = excluded.display_name, display_name_key = excluded.display_name_key,
            external_id = excluded.external_id, managed_by = excluded.managed_by, search = excluded.search, body = excluded.body
        """;

    /// <param name="waits">Whether to wait for others who take the name; see <see cref="Folded.WaitsForNames"/>.</param>
    public static SqlOperation Store(ResourceType type, string tenant, Group group, bool waits) => new(Upsert,
        [.. Values(type, tenant, group), (waits, NpgsqlDbType.Boolean), (tenant, NpgsqlDbType.Text), (CaseFolding.Fold(group.DisplayName), NpgsqlDbType.Text)]);

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public static (object? Value, NpgsqlDbType Type)[] Values(ResourceType type, string tenant, Group group) =>
    [
        (tenant, NpgsqlDbType.Text), (group.Id, NpgsqlDbType.Uuid), (group.Meta.Version, NpgsqlDbType.Bigint),
        (group.Meta.StreamVersion, NpgsqlDbType.Bigint), (group.Meta.Created, NpgsqlDbType.TimestampTz),
        (group.Meta.LastModified, NpgsqlDbType.TimestampTz), (group.DisplayName, NpgsqlDbType.Text),
        (CaseFolding.Fold(group.DisplayName), NpgsqlDbType.Text), (group.ExternalId, NpgsqlDbType.Text), (group.ManagedBy, NpgsqlDbType.Text),
        (SearchDocument.Of(type, group.Attributes).ToJsonString(), NpgsqlDbType.Jsonb),
        (ResourceWriter.Write(type, group.Id, group.Attributes, group.Meta), NpgsqlDbType.Text),
    ];

    public static SqlOperation Remove(string tenant, Guid id) => new("delete from scim_group where tenant_id = ^ and id = ^",
        (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid));

    public static SqlOperation StoreDeleted(ResourceType type, string tenant, Group group) =>
        DeletedRows.Store(DeletedRows.Groups, DeletedValues(type, tenant, group));

    /// <summary>In the order of <see cref="DeletedRows.Columns"/>.</summary>
    public static (object? Value, NpgsqlDbType Type)[] DeletedValues(ResourceType type, string tenant, Group group) => DeletedRows.Values(
        tenant, group.Id, group.Meta, group.DisplayName, group.ManagedBy, ResourceWriter.Write(type, group.Id, group.Attributes, group.Meta));

    /// <summary>The state of a group, live or deleted, from its row; null if there is none.</summary>
    public static async Task<Group?> FindAny(
        IQuerySession session, ResourceType type, string tenant, Guid id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select body, version, stream_version, created, last_modified, managed_by, false from scim_group where tenant_id = $1 and id = $2
            union all
            select body, version, stream_version, created, deleted_at, managed_by, true from deleted_group where tenant_id = $1 and id = $2
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = (NpgsqlDataReader)await session.ExecuteReaderAsync(command, cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, id) : null;
    }

    /// <summary>Columns: body, version, stream_version, created, last_modified, managed_by, deleted.</summary>
    public static Group Read(NpgsqlDataReader row, Guid id) => new(
        id, StoredBody.Attributes(row.GetString(0)),
        new ResourceMeta(row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetInt64(1), row.GetInt64(2)),
        row.GetBoolean(6), row.IsDBNull(5) ? null : row.GetString(5));
}

using Directory.Domain;
using NpgsqlTypes;

namespace Directory.Projections.Streams;

/// <summary>The rows of <c>deleted_user</c> and <c>deleted_group</c>: users and groups as they were last.</summary>
internal static class DeletedRows
{
    public const string Users = "deleted_user", Groups = "deleted_group";

    public const string Columns = "tenant_id, id, version, stream_version, created, deleted_at, name, managed_by, body";

    public static SqlOperation Store(string table, (object? Value, NpgsqlDbType Type)[] values) => new($"""
        insert into {table} ({Columns})
        values (^, ^, ^, ^, ^, ^, ^, ^, ^)
        on conflict (tenant_id, id) do update set version = excluded.version, stream_version = excluded.stream_version,
            deleted_at = excluded.deleted_at
        """, values);

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public static (object? Value, NpgsqlDbType Type)[] Values(
        string tenant, Guid id, ResourceMeta meta, string name, string? managedBy, string body) =>
    [
        (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid), (meta.Version, NpgsqlDbType.Bigint),
        (meta.StreamVersion, NpgsqlDbType.Bigint), (meta.Created, NpgsqlDbType.TimestampTz),
        (meta.LastModified, NpgsqlDbType.TimestampTz), (name, NpgsqlDbType.Text), (managedBy, NpgsqlDbType.Text), (body, NpgsqlDbType.Text),
    ];

    public static SqlOperation Remove(string table, string tenant, Guid id) => new(
        $"delete from {table} where tenant_id = ^ and id = ^", (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid));
}

using Directory.Domain;
using NpgsqlTypes;

namespace Directory.Projections.Streams;

/// <summary>The rows of <c>deleted_user</c> and <c>deleted_group</c>: users and groups as they were last.</summary>
internal static class DeletedRows
{
    public const string Users = "deleted_user", Groups = "deleted_group";

    public static SqlOperation Store(
        string table, string tenant, Guid id, ResourceMeta meta, string name, string? managedBy, string body) => new($"""
        insert into {table}
            (tenant_id, id, version, stream_version, created, deleted_at, name, managed_by, body)
        values (^, ^, ^, ^, ^, ^, ^, ^, ^)
        on conflict (tenant_id, id) do update set version = excluded.version, stream_version = excluded.stream_version,
            deleted_at = excluded.deleted_at
        """,
        (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid), (meta.Version, NpgsqlDbType.Bigint),
        (meta.StreamVersion, NpgsqlDbType.Bigint), (meta.Created, NpgsqlDbType.TimestampTz),
        (meta.LastModified, NpgsqlDbType.TimestampTz), (name, NpgsqlDbType.Text), (managedBy, NpgsqlDbType.Text), (body, NpgsqlDbType.Text));

    public static SqlOperation Remove(string table, string tenant, Guid id) => new(
        $"delete from {table} where tenant_id = ^ and id = ^", (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid));
}

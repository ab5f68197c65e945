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
    private static readonly LiveRows Live = new("scim_group", "display_name_key", ["display_name", "external_id", "search"]);

    /// <param name="type">The resource type.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="group">The group now.</param>
    /// <param name="before">The group as its row has it, null if there is no row.</param>
    /// <param name="waits">Whether to wait for others who take the name; see <see cref="Folded.WaitsForNames"/>.</param>
    public static SqlOperation Store(ResourceType type, string tenant, Group group, Group? before, bool waits)
    {
        var row = Row(type, group);
        return before is null ? Live.Add(tenant, row, Attributes(type, group), waits)
            : ReferenceEquals(group.Attributes, before.Attributes) ? Live.Move(tenant, row)
            : Live.Change(tenant, row, CaseFolding.Fold(before.DisplayName), Attributes(type, group), waits);
    }

    /// <summary>The columns of a row, in the order of <see cref="Values"/>.</summary>
    public static string Columns => Live.Columns;

    public static (object? Value, NpgsqlDbType Type)[] Values(ResourceType type, string tenant, Group group) =>
        Live.Values(tenant, Row(type, group), Attributes(type, group));

    private static LiveRow Row(ResourceType type, Group group) => new(
        group.Id, group.Meta, group.ManagedBy, ResourceWriter.Write(type, group.Id, group.Attributes, group.Meta), CaseFolding.Fold(group.DisplayName));

    private static (object?, NpgsqlDbType)[] Attributes(ResourceType type, Group group) =>
    [
        (group.DisplayName, NpgsqlDbType.Text), (group.ExternalId, NpgsqlDbType.Text),
        (SearchDocument.Of(type, group.Attributes).ToJsonString(), NpgsqlDbType.Jsonb),
    ];

    public static SqlOperation Remove(string tenant, Guid id) => Live.Remove(tenant, id);

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

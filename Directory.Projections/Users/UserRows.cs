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
    private static readonly LiveRows Live =
        new("scim_user", "user_name_key", ["active", "user_name", "display_name", "external_id", "search"]);

    /// <param name="type">The resource type.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="user">The user now.</param>
    /// <param name="before">The user as its row has it, null if there is no row.</param>
    /// <param name="waits">Whether to wait for others who take the name; see <see cref="Folded.WaitsForNames"/>.</param>
    public static SqlOperation Store(ResourceType type, string tenant, User user, User? before, bool waits)
    {
        var row = Row(type, user);
        return before is null ? Live.Add(tenant, row, Attributes(type, user), waits)
            : ReferenceEquals(user.Attributes, before.Attributes) ? Live.Move(tenant, row)
            : Live.Change(tenant, row, CaseFolding.Fold(before.UserName), Attributes(type, user), waits);
    }

    /// <summary>The columns of a row, in the order of <see cref="Values"/>.</summary>
    public static string Columns => Live.Columns;

    public static (object? Value, NpgsqlDbType Type)[] Values(ResourceType type, string tenant, User user) =>
        Live.Values(tenant, Row(type, user), Attributes(type, user));

    private static LiveRow Row(ResourceType type, User user) => new(
        user.Id, user.Meta, user.ManagedBy, ResourceWriter.Write(type, user.Id, user.Attributes, user.Meta), CaseFolding.Fold(user.UserName));

    private static (object?, NpgsqlDbType)[] Attributes(ResourceType type, User user) =>
    [
        (user.IsActive, NpgsqlDbType.Boolean), (user.UserName, NpgsqlDbType.Text), (user.DisplayName, NpgsqlDbType.Text),
        (user.ExternalId, NpgsqlDbType.Text), (SearchDocument.Of(type, user.Attributes).ToJsonString(), NpgsqlDbType.Jsonb),
    ];

    /// <summary>The number that is locked by whoever takes a userName.</summary>
    public static long Turn(string tenant, string userName) => Live.Turn(tenant, CaseFolding.Fold(userName));

    public static SqlOperation Remove(string tenant, Guid id) => Live.Remove(tenant, id);

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

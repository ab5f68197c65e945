using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using Marten;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>A user or a group as it was at one version.</summary>
/// <param name="Type">Its resource type.</param>
/// <param name="Attributes">Without groups and members, which are rows.</param>
/// <param name="IsDeleted">Whether it was deleted then; the attributes are those it had last.</param>
/// <param name="ManagedBy">The id of the connection that managed it then, null for a local one.</param>
public sealed record PastResource(ResourceType Type, Guid Id, JsonObject Attributes, ResourceMeta Meta, bool IsDeleted, string? ManagedBy)
{
    public static PastResource Of(ResourceType type, User user) => new(type, user.Id, user.Attributes, user.Meta, user.IsDeleted, user.ManagedBy);

    public static PastResource Of(ResourceType type, Group group) => new(type, group.Id, group.Attributes, group.Meta, group.IsDeleted, group.ManagedBy);

    /// <summary>Not deleted, and of a user not deactivated; a user that says nothing about it is active.</summary>
    public bool IsActive => !IsDeleted && ((bool?)Attributes["active"] ?? true);

    /// <summary>The representation a client got then, without <c>meta.location</c> and what lives in rows.</summary>
    public JsonObject Representation => (JsonObject)JsonNode.Parse(ResourceWriter.Write(Type, Id, Attributes, Meta))!;
}

/// <summary>Folds users and groups from their events. The read models are not asked.</summary>
public sealed class ResourceHistory(IDocumentStore store, NpgsqlDataSource database, ResourceType users, ResourceType groups)
{
    private static readonly string
        Added = DirectoryStore.EventNames[typeof(GroupMembersAdded)], Removed = DirectoryStore.EventNames[typeof(GroupMembersRemoved)];

    public ResourceType Users => users;

    public ResourceType Groups => groups;

    /// <param name="type"><see cref="Users"/> or <see cref="Groups"/>.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="id">The user or group.</param>
    /// <param name="version">The last stream version that counts.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <returns>Null when nothing of that type has that id, or not yet.</returns>
    public async Task<PastResource?> At(ResourceType type, string tenant, Guid id, long version, CancellationToken cancellation)
    {
        if (version < 1) return null;
        await using var session = store.QuerySession(tenant);
        if (type == users) return await UserAt(session, id, version, cancellation) is { } user ? PastResource.Of(type, user) : null;
        return await GroupAt(session, tenant, id, version, cancellation) is { } group ? PastResource.Of(type, group) : null;
    }

    private async Task<User?> UserAt(IQuerySession session, Guid id, long version, CancellationToken cancellation)
    {
        User? user = null;
        foreach (var e in await session.Events.FetchStreamAsync(id, version, token: cancellation))
            if (e.Data is IUserEvent data)
                user = User.Evolve(users, user, id, data, Origin.StampOf(e));
        return user;
    }

    /// <summary>
    /// The events about members are left in the database, because a single one may list 100,000; of them only the last counts here, and
    /// only for <c>meta</c>.
    /// </summary>
    private async Task<Group?> GroupAt(IQuerySession session, string tenant, Guid id, long version, CancellationToken cancellation)
    {
        var events = await session.Events.QueryAllRawEvents()
            .Where(e => e.StreamId == id && e.Version <= version && e.EventTypeName != Added && e.EventTypeName != Removed)
            .OrderBy(e => e.Version).ToListAsync(cancellation);
        Group? group = null;
        foreach (var e in events)
            if (e.Data is IGroupEvent data)
                group = Group.Evolve(groups, group, id, data, Origin.StampOf(e));
        if (group is null || await LastOfMembers(tenant, id, version, cancellation) is not { } last) return group;
        var meta = group.Meta;
        if (last.Version > meta.Version) meta = meta with { Version = last.Version, LastModified = last.Time };
        return group with { Meta = meta with { StreamVersion = Math.Max(meta.StreamVersion, last.Version) } };
    }

    private async Task<EventStamp?> LastOfMembers(string tenant, Guid id, long version, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select version, timestamp from mt_events
            where tenant_id = $1 and stream_id = $2 and version <= $3 and type in ('{Added}', '{Removed}') order by version desc limit 1
            """).With(tenant).With(id).With(version);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new EventStamp(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)) : null;
    }
}

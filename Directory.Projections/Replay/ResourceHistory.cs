using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Marten;

namespace Directory.Projections.Replay;

/// <summary>A user or a group as it was at one version.</summary>
/// <param name="Type">Its resource type.</param>
/// <param name="Attributes">Without groups and members, which are rows.</param>
/// <param name="IsDeleted">Whether it was deleted then; the attributes are those it had last.</param>
public sealed record PastResource(ResourceType Type, Guid Id, JsonObject Attributes, ResourceMeta Meta, bool IsDeleted)
{
    public static PastResource Of(ResourceType type, User user) => new(type, user.Id, user.Attributes, user.Meta, user.IsDeleted);

    public static PastResource Of(ResourceType type, Group group) => new(type, group.Id, group.Attributes, group.Meta, group.IsDeleted);

    /// <summary>The representation a client got then, without <c>meta.location</c> and what lives in rows.</summary>
    public JsonObject Representation => (JsonObject)JsonNode.Parse(ResourceWriter.Write(Type, Id, Attributes, Meta))!;
}

/// <summary>Folds users and groups from their events. The read models are not asked.</summary>
public sealed class ResourceHistory(IDocumentStore store, ResourceType users, ResourceType groups)
{
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
        var events = await session.Events.FetchStreamAsync(id, version, token: cancellation);
        if (type == users)
        {
            User? user = null;
            foreach (var e in events)
                if (e.Data is IUserEvent data)
                    user = User.Evolve(type, user, id, data, new EventStamp(e.Version, e.Timestamp));
            return user is null ? null : PastResource.Of(type, user);
        }

        Group? group = null;
        foreach (var e in events)
            if (e.Data is IGroupEvent data)
                group = Group.Evolve(type, group, id, data, new EventStamp(e.Version, e.Timestamp));
        return group is null ? null : PastResource.Of(type, group);
    }
}

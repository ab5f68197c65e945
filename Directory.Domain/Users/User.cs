using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Users;

/// <summary>A user as its events say. <see cref="Attributes"/> is shared: clone it before changing it.</summary>
/// <param name="ManagedBy">The id of the SCIM connection that created it or took it over; null for a local user.</param>
public sealed record User(Guid Id, JsonObject Attributes, ResourceMeta Meta, bool IsDeleted = false, string? ManagedBy = null,
    bool IsErased = false)
{
    public string UserName => (string?)Attributes["userName"] ?? "";
    public string? DisplayName => (string?)Attributes["displayName"];
    public string? ExternalId => (string?)Attributes["externalId"];

    /// <summary>A user without <c>active</c> is active.</summary>
    public bool IsActive => (bool?)Attributes["active"] ?? true;

    public Subject Subject => new(UserName, ExternalId);

    /// <summary>The state after an event. Total: an event of a valid history never throws.</summary>
    public static User Evolve(ResourceType type, User? user, Guid id, IUserEvent @event, EventStamp stamp) => (user, @event) switch
    {
        (null, UserCreated e) => new User(id, e.Attributes, ResourceMeta.First(stamp), ManagedBy: stamp.Connection),
        (null, _) => new User(id, [], ResourceMeta.First(stamp)),
        ({ } u, UserReplaced e) => u.With(type, e.Changes, stamp),
        ({ } u, UserPatched e) => u.With(type, e.Changes, stamp),
        ({ } u, UserDeactivated e) => u.With(type, e.Changes, stamp),
        ({ } u, UserReactivated e) => u.With(type, e.Changes, stamp),
        ({ } u, UserRestored e) => u.With(type, e.Changes, stamp) with { IsDeleted = false, Meta = u.Meta.Next(stamp, true) },
        ({ } u, UserDeleted) => u with { IsDeleted = true, Meta = u.Meta.Next(stamp, true) },
        ({ } u, UserErased) => u with
        {
            Attributes = UserErasure.Attributes,
            IsDeleted = true,
            IsErased = true,
            Meta = u.Meta.Next(stamp, true),
        },
        ({ } u, UserReleased) => u with { ManagedBy = null, Meta = u.Meta.Next(stamp, false) },
        ({ } u, UserAdopted e) => u with { ManagedBy = e.ConnectionId, Meta = u.Meta.Next(stamp, false) },
        ({ } u, _) => u with { Meta = u.Meta.Next(stamp, false) },
    };

    private User With(ResourceType type, IReadOnlyList<AttributeChange> changes, EventStamp stamp) => changes.Count == 0
        ? this with { Meta = Meta.Next(stamp, false) }
        : this with { Attributes = AttributeDiff.Apply(type, Attributes, changes), Meta = Meta.Next(stamp, true) };
}

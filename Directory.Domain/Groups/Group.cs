using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Groups;

/// <summary>A group as its events say, without its members: those are rows, of which a decision asks for the few it needs.</summary>
/// <param name="ManagedBy">The id of the SCIM connection that created it or took it over; null for a local group.</param>
public sealed record Group(Guid Id, JsonObject Attributes, ResourceMeta Meta, bool IsDeleted = false, string? ManagedBy = null)
{
    public string DisplayName => (string?)Attributes["displayName"] ?? "";
    public string? ExternalId => (string?)Attributes["externalId"];
    public Subject Subject => new(DisplayName, ExternalId);

    /// <summary>The state after an event. Total: an event of a valid history never throws.</summary>
    public static Group Evolve(ResourceType type, Group? group, Guid id, IGroupEvent @event, EventStamp stamp) => (group, @event) switch
    {
        (null, GroupCreated e) => new Group(id, e.Attributes, ResourceMeta.First(stamp), ManagedBy: stamp.Connection),
        (null, _) => new Group(id, [], ResourceMeta.First(stamp)),
        ({ } g, GroupReplaced e) => g.With(type, e.Changes, stamp),
        ({ } g, GroupPatched e) => g.With(type, e.Changes, stamp),
        ({ } g, GroupMembersAdded or GroupMembersRemoved) => g with { Meta = g.Meta.Next(stamp, true) },
        ({ } g, GroupRestored e) => g.With(type, e.Changes, stamp) with { IsDeleted = false, Meta = g.Meta.Next(stamp, true) },
        ({ } g, GroupDeleted) => g with { IsDeleted = true, Meta = g.Meta.Next(stamp, true) },
        ({ } g, GroupAdopted e) => g with { ManagedBy = e.ConnectionId, Meta = g.Meta.Next(stamp, false) },
        ({ } g, GroupReleased) => g with { ManagedBy = null, Meta = g.Meta.Next(stamp, false) },
        ({ } g, _) => g with { Meta = g.Meta.Next(stamp, false) },
    };

    private Group With(ResourceType type, IReadOnlyList<AttributeChange> changes, EventStamp stamp) => changes.Count == 0
        ? this with { Meta = Meta.Next(stamp, false) }
        : this with { Attributes = AttributeDiff.Apply(type, Attributes, changes), Meta = Meta.Next(stamp, true) };
}

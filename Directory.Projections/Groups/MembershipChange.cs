using System.Text.Json.Nodes;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using JasperFx.Events;

namespace Directory.Projections.Groups;

/// <summary>What an event does to the intervals of membership.</summary>
internal abstract record MembershipChange
{
    private static readonly string[] Always = [.. Names(typeof(GroupMembersAdded), typeof(GroupMembersRemoved), typeof(GroupDeleted), typeof(UserDeleted), typeof(UserErased))];

    private static readonly string[] WithNames =
        [.. Names(typeof(UserReplaced), typeof(UserPatched), typeof(UserRestored), typeof(GroupReplaced), typeof(GroupPatched), typeof(GroupRestored))];

    /// <summary>
    /// Of <c>mt_events e</c>: every event that changes anything here, a few that do not, and whatever is unknown, which must not be passed over. A
    /// projection that is made anew need not read the others.
    /// </summary>
    public static readonly string Concerned = $$"""
        e.type not in ('{{string.Join("', '", DirectoryStore.EventNames.Values.Except([.. Always, .. WithNames]))}}')
        and (e.type not in ('{{string.Join("', '", WithNames)}}')
            or e.data @> '{"changes": [{"path": "userName"}]}' or e.data @> '{"changes": [{"path": "displayName"}]}')
        """;

    /// <summary>These came into the group.</summary>
    public sealed record Opened(IReadOnlyList<Member> Members) : MembershipChange;

    /// <summary>These left the group.</summary>
    public sealed record Removed(IReadOnlyList<Guid> Members) : MembershipChange;

    /// <summary>The group ended, and with it every membership in it.</summary>
    public sealed record GroupEnded : MembershipChange;

    /// <summary>The user or group ended as a member, wherever it was one.</summary>
    public sealed record MemberEnded : MembershipChange;

    /// <summary>A current member is shown under its current name; a past one keeps the name it had.</summary>
    public sealed record Named(string? Name) : MembershipChange;

    /// <summary>So is the displayName of a user.</summary>
    public sealed record Displayed(string? Display) : MembershipChange;

    /// <summary>What the member was called is forgotten, of past memberships too.</summary>
    public sealed record Erased : MembershipChange;

    /// <summary>In the order in which they are to be done.</summary>
    public static IEnumerable<MembershipChange> Of(IEvent e) => e.Data switch
    {
        GroupMembersAdded added => [new Opened(added.Members)],
        GroupMembersRemoved removed => [new Removed([.. removed.Members.Select(m => m.Id)])],
        GroupDeleted => [new GroupEnded(), new MemberEnded()],
        UserDeleted => [new MemberEnded()],
        UserErased => [new Erased()],
        UserReplaced { Changes: var changes } => Renamed(changes, "userName", "displayName"),
        UserPatched { Changes: var changes } => Renamed(changes, "userName", "displayName"),
        UserRestored { Changes: var changes } => Renamed(changes, "userName", "displayName"),
        GroupReplaced { Changes: var changes } => Renamed(changes, "displayName", null),
        GroupPatched { Changes: var changes } => Renamed(changes, "displayName", null),
        GroupRestored { Changes: var changes } => Renamed(changes, "displayName", null),
        _ => [],
    };

    private static IEnumerable<MembershipChange> Renamed(IReadOnlyList<AttributeChange> changes, string name, string? display)
    {
        foreach (var change in changes)
            if (change.Path == name && change.After is JsonValue after) yield return new Named((string?)after);
            else if (change.Path == display) yield return new Displayed((string?)change.After);
    }

    private static IEnumerable<string> Names(params Type[] events) => events.Select(e => DirectoryStore.EventNames[e]);
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Domain.Groups;

/// <summary>
/// What can happen to a group. Membership is told by who was added and who was removed, never by a list of all: an event of a group
/// of 100,000 is as small as one of a group of ten.
/// </summary>
public interface IGroupEvent
{
    Subject Subject { get; }
    SentRequest? Request { get; }
}

/// <summary>A group came into being with these attributes; <c>members</c> are never among them.</summary>
public sealed record GroupCreated(Subject Subject, JsonObject Attributes, SentRequest? Request) : IGroupEvent;

/// <summary>A PUT (RFC 7644 §3.5.1) was accepted and changed these attributes.</summary>
public sealed record GroupReplaced(Subject Subject, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IGroupEvent;

/// <summary>A PATCH (RFC 7644 §3.5.2) was accepted and changed these attributes.</summary>
public sealed record GroupPatched(Subject Subject, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IGroupEvent;

/// <summary>These were not members before and are now.</summary>
public sealed record GroupMembersAdded(Subject Subject, IReadOnlyList<Member> Members, SentRequest? Request) : IGroupEvent;

/// <summary>These were members before and no longer are.</summary>
public sealed record GroupMembersRemoved(Subject Subject, IReadOnlyList<Member> Members, SentRequest? Request) : IGroupEvent;

/// <summary>The group was deleted; whoever was a member then is a member no longer.</summary>
public sealed record GroupDeleted(Subject Subject, SentRequest? Request) : IGroupEvent;

/// <summary>A deleted group came back under the same id, or a group was brought back to an earlier version.</summary>
/// <param name="FromVersion">The stream version whose attributes were restored.</param>
public sealed record GroupRestored(
    Subject Subject, long FromVersion, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IGroupEvent;

/// <summary>A local group, known before, was taken over by a SCIM connection, which manages it and its members from here on.</summary>
public sealed record GroupAdopted(Subject Subject, string ConnectionId, SentRequest? Request) : IGroupEvent;

/// <summary>An administrator consented to a connection's taking the group over; its next PUT or PATCH does.</summary>
public sealed record GroupAdoptionConsented(Subject Subject, string ConnectionId, SentRequest? Request) : IGroupEvent;

/// <summary>An administrator declined a connection's taking the group over.</summary>
public sealed record GroupAdoptionDeclined(Subject Subject, string ConnectionId, SentRequest? Request) : IGroupEvent;

/// <summary>An administrator took the group from the connection that managed it; it is local from here on.</summary>
public sealed record GroupReleased(Subject Subject, string ConnectionId, SentRequest? Request) : IGroupEvent;

/// <summary>A member of a group (RFC 7643 §4.2) with the name it had when it was added or removed.</summary>
/// <param name="Id">The id of a user or a group.</param>
/// <param name="Type"><c>User</c> or <c>Group</c>.</param>
/// <param name="Name">The userName of a user, the displayName of a group.</param>
/// <param name="Display">The displayName of a user, which <c>members.display</c> shows before the name; null if there is none.</param>
public sealed record Member(Guid Id, string Type, string Name, string? Display = null)
{
    public const string User = "User";
    public const string Group = "Group";
}

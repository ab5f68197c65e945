using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Domain.Users;

/// <summary>
/// What can happen to a user. The names and properties are the storage format: they may grow, and never change their meaning.
/// A request yields one event for each kind of thing it did; one that changed nothing yields the event of its method with an empty
/// list of changes.
/// </summary>
public interface IUserEvent
{
    Subject Subject { get; }
    SentRequest? Request { get; }
}

/// <summary>A user came into being with these attributes (canonical form, no secrets, no id, no meta).</summary>
public sealed record UserCreated(Subject Subject, JsonObject Attributes, SentRequest? Request) : IUserEvent;

/// <summary>A PUT (RFC 7644 §3.5.1) was accepted and changed these attributes.</summary>
public sealed record UserReplaced(Subject Subject, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IUserEvent;

/// <summary>A PATCH (RFC 7644 §3.5.2) was accepted and changed these attributes.</summary>
public sealed record UserPatched(Subject Subject, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IUserEvent;

/// <summary><c>active</c> went from true to false. The change of <c>active</c> is here and in no other event of the request.</summary>
public sealed record UserDeactivated(Subject Subject, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IUserEvent;

/// <summary><c>active</c> went from false to true.</summary>
public sealed record UserReactivated(Subject Subject, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IUserEvent;

/// <summary>The user was deleted: unknown to SCIM from here on, its userName free, restorable under the same id.</summary>
public sealed record UserDeleted(Subject Subject, SentRequest? Request) : IUserEvent;

/// <summary>A deleted user came back under the same id, or a user was brought back to an earlier version.</summary>
/// <param name="FromVersion">The stream version whose attributes were restored.</param>
public sealed record UserRestored(
    Subject Subject, long FromVersion, IReadOnlyList<AttributeChange> Changes, SentRequest? Request) : IUserEvent;

/// <summary>A local user, known before, was taken over by a SCIM connection, which manages it from here on.</summary>
public sealed record UserAdopted(Subject Subject, string ConnectionId, SentRequest? Request) : IUserEvent;

/// <summary>An administrator consented to a connection's taking the user over; its next PUT or PATCH does.</summary>
public sealed record UserAdoptionConsented(Subject Subject, string ConnectionId, SentRequest? Request) : IUserEvent;

/// <summary>An administrator declined a connection's taking the user over.</summary>
public sealed record UserAdoptionDeclined(Subject Subject, string ConnectionId, SentRequest? Request) : IUserEvent;

/// <summary>An administrator took the user from the connection that managed it; it is local from here on.</summary>
public sealed record UserReleased(Subject Subject, string ConnectionId, SentRequest? Request) : IUserEvent;

/// <summary>What was known of the person was erased, here and in the events of groups; the last event of a user.</summary>
/// <param name="ErasureId">The id of the erasure.</param>
/// <param name="Reason">Why, in words that do not name the person.</param>
/// <param name="Events">How many events were masked.</param>
/// <param name="Digest">Which, and what is left of them, as a hash (<see cref="Integrity.ErasureDigest"/>).</param>
public sealed record UserErased(
    Subject Subject, Guid ErasureId, string Reason, long Events, string Digest, SentRequest? Request) : IUserEvent;

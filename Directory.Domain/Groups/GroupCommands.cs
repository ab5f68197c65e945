using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;

namespace Directory.Domain.Groups;

/// <summary>What can be asked of a group. Attributes are in canonical form and hold no members.</summary>
public abstract record GroupCommand(SentRequest Request);

/// <param name="Attributes">The attributes without members.</param>
/// <param name="Members">The ids of the members, as the client spelled them.</param>
/// <param name="Request">The body as sent.</param>
public sealed record CreateGroup(JsonObject Attributes, IReadOnlyList<string> Members, SentRequest Request) : GroupCommand(Request);

/// <param name="Attributes">The attributes without members.</param>
/// <param name="Members">The ids of all members the group is to have, as the client spelled them.</param>
/// <param name="Request">The body as sent.</param>
public sealed record ReplaceGroup(JsonObject Attributes, IReadOnlyList<string> Members, SentRequest Request) : GroupCommand(Request);

public sealed record PatchGroup(IReadOnlyList<PatchOperation> Operations, SentRequest Request) : GroupCommand(Request);

public sealed record DeleteGroup(SentRequest Request) : GroupCommand(Request);

/// <summary>An administrator adds members to a local group; who is in it already is no fault.</summary>
/// <param name="Members">Ids of users and groups that exist.</param>
/// <param name="Request">The body as sent.</param>
public sealed record ExtendLocalGroup(IReadOnlyList<Guid> Members, SentRequest Request) : GroupCommand(Request);

/// <summary>An administrator deletes a local group.</summary>
public sealed record DeleteLocalGroup(SentRequest Request) : GroupCommand(Request);

/// <summary>An administrator takes a group from the connection that manages it.</summary>
public sealed record ReleaseGroup(SentRequest Request) : GroupCommand(Request);

/// <summary>An administrator says whether a connection may take a local group over.</summary>
public sealed record AnswerGroupAdoption(string ConnectionId, bool Consent, SentRequest Request) : GroupCommand(Request);

/// <summary>
/// Bring a group, deleted or not, back to what it was at an earlier version. Whoever was a member then and is gone, or contains the
/// group by now, cannot become one again and is left out.
/// </summary>
/// <param name="Attributes">The attributes it had then.</param>
/// <param name="Members">Everyone who was a member then, null to leave the members as they are.</param>
/// <param name="FromVersion">The stream version it is brought back to.</param>
/// <param name="Request">The body as sent.</param>
public sealed record RestoreGroup(
    JsonObject Attributes, IReadOnlyList<Guid>? Members, long FromVersion, SentRequest Request) : GroupCommand(Request);

/// <summary>Take back single changes of a group and of its members and leave everything else as it is.</summary>
/// <param name="Changes">The inverse changes; one whose <c>before</c> is no longer there is left out.</param>
/// <param name="Undelete">Whether the deletion is to be taken back too.</param>
/// <param name="Add">Who is to be a member again; left out who is gone or contains the group by now.</param>
/// <param name="Remove">Who is to be a member no longer.</param>
/// <param name="FromVersion">The stream version before the first change that is taken back.</param>
/// <param name="Request">The body as sent.</param>
public sealed record UndoGroup(
    IReadOnlyList<AttributeChange> Changes, bool Undelete, IReadOnlyList<Guid> Add, IReadOnlyList<Guid> Remove, long FromVersion,
    SentRequest Request) : GroupCommand(Request);

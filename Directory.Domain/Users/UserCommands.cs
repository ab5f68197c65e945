using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;

namespace Directory.Domain.Users;

/// <summary>What can be asked of a user. Attributes are in canonical form, as ResourceReader makes them.</summary>
public abstract record UserCommand(SentRequest Request);

public sealed record CreateUser(JsonObject Attributes, SentRequest Request) : UserCommand(Request);

public sealed record ReplaceUser(JsonObject Attributes, SentRequest Request) : UserCommand(Request);

public sealed record PatchUser(IReadOnlyList<PatchOperation> Operations, SentRequest Request) : UserCommand(Request);

public sealed record DeleteUser(SentRequest Request) : UserCommand(Request);

/// <summary>An administrator switches a local user on or off.</summary>
public sealed record SwitchLocalUser(bool Active, SentRequest Request) : UserCommand(Request);

/// <summary>An administrator deletes a local user.</summary>
public sealed record DeleteLocalUser(SentRequest Request) : UserCommand(Request);

/// <summary>An administrator takes a user from the connection that manages it.</summary>
public sealed record ReleaseUser(SentRequest Request) : UserCommand(Request);

/// <summary>An administrator says whether a connection may take a local user over.</summary>
public sealed record AnswerUserAdoption(string ConnectionId, bool Consent, SentRequest Request) : UserCommand(Request);

/// <summary>Bring a user, deleted or not, back to what it was at an earlier version.</summary>
/// <param name="Attributes">The attributes it had then.</param>
/// <param name="FromVersion">The stream version they are of.</param>
/// <param name="Request">The body as sent.</param>
public sealed record RestoreUser(JsonObject Attributes, long FromVersion, SentRequest Request) : UserCommand(Request);

/// <summary>Take back single changes of a user and leave everything else as it is.</summary>
/// <param name="Changes">The inverse changes; one whose <c>before</c> is no longer there is left out.</param>
/// <param name="Undelete">Whether the deletion is to be taken back too.</param>
/// <param name="FromVersion">The stream version before the first change that is taken back.</param>
/// <param name="Request">The body as sent.</param>
public sealed record UndoUser(
    IReadOnlyList<AttributeChange> Changes, bool Undelete, long FromVersion, SentRequest Request) : UserCommand(Request);

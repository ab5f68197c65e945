using System.Text.Json.Nodes;
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

using System.Text.Json.Nodes;
using Directory.Domain.Scim.Patching;

namespace Directory.Domain.Users;

/// <summary>What can be asked of a user. Attributes are in canonical form, as ResourceReader makes them.</summary>
public abstract record UserCommand(SentRequest Request);

public sealed record CreateUser(JsonObject Attributes, SentRequest Request) : UserCommand(Request);

public sealed record ReplaceUser(JsonObject Attributes, SentRequest Request) : UserCommand(Request);

public sealed record PatchUser(IReadOnlyList<PatchOperation> Operations, SentRequest Request) : UserCommand(Request);

public sealed record DeleteUser(SentRequest Request) : UserCommand(Request);

using System.Text.Json.Nodes;

namespace Directory.Domain;

/// <summary>
/// What the client sent, kept beside what it changed: the operations of a PATCH or the body of a PUT, with the values of secrets
/// withheld and long member lists replaced by their length.
/// </summary>
/// <param name="Body">The body as JSON, null when the request had none.</param>
/// <param name="Withheld">The names of the secrets that were supplied and discarded, such as <c>password</c>.</param>
public sealed record SentRequest(JsonNode? Body, IReadOnlyList<string>? Withheld = null)
{
    public static readonly SentRequest None = new((JsonNode?)null);
}

/// <summary>On whom or what an event acts: the name as it was then, and the id the client knows the resource by.</summary>
/// <param name="Name">A user's userName, a group's displayName, before the change.</param>
/// <param name="ExternalId">The externalId (RFC 7643 §3.1), null if there is none.</param>
public sealed record Subject(string Name, string? ExternalId = null);

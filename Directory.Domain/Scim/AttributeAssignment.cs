using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// One attribute or sub-attribute and the canonical value a client gives it. Null means unassigned: RFC 7643 §2.5 makes no
/// difference between null, an empty array and no value, and identity providers send an empty string for it.
/// </summary>
public sealed record AttributeAssignment(AttributeReference Target, JsonNode? Value);

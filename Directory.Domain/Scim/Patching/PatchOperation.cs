using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Directory.Domain.Scim.Patching;

/// <summary>
/// One operation of a PATCH request as the client sent it (RFC 7644 §3.5.2): a path in the client's spelling or none, and a value,
/// where null is JSON null, which unassigns, or no value at all, which only a remove may have.
/// </summary>
public sealed record PatchOperation(
    [property: JsonPropertyName("op")] ChangeOperation Op,
    [property: JsonPropertyName("path")] string? Path,
    [property: JsonPropertyName("value")] JsonNode? Value)
{
    public bool Equals(PatchOperation? other) =>
        other is not null && Op == other.Op && string.Equals(Path, other.Path, StringComparison.Ordinal)
        && ValueEquality.Same(Value, other.Value);

    public override int GetHashCode() => HashCode.Combine(Path, Op);
}

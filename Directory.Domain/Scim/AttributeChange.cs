using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Directory.Domain.Scim;

/// <summary>What happened to an attribute. The lower-case names are the storage format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeOperation>))]
public enum ChangeOperation
{
    [JsonStringEnumMemberName("add")] Add,
    [JsonStringEnumMemberName("replace")] Replace,
    [JsonStringEnumMemberName("remove")] Remove,
}

/// <summary>
/// One changed attribute of a resource, as events and the audit keep it. <see cref="Path"/> is spelled as in the schema
/// (<c>title</c>, <c>name.givenName</c>, <c>urn:…:User:manager.value</c>). At the path of a multi-valued attribute the values are
/// single elements of it; anywhere else they are the whole value. <see cref="Before"/> is null for an added value,
/// <see cref="After"/> for a removed one; neither node has a parent.
/// </summary>
public sealed record AttributeChange(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("op")] ChangeOperation Op,
    [property: JsonPropertyName("before")] JsonNode? Before,
    [property: JsonPropertyName("after")] JsonNode? After)
{
    /// <summary>The change that leads from one value to the other, with copies of both; null stands for no value.</summary>
    public static AttributeChange Of(string path, JsonNode? before, JsonNode? after)
    {
        var op = before is null ? ChangeOperation.Add : after is null ? ChangeOperation.Remove : ChangeOperation.Replace;
        return new AttributeChange(path, op, before?.DeepClone(), after?.DeepClone());
    }

    public bool Equals(AttributeChange? other) =>
        other is not null && Op == other.Op && string.Equals(Path, other.Path, StringComparison.Ordinal)
        && ValueEquality.Same(Before, other.Before) && ValueEquality.Same(After, other.After);

    public override int GetHashCode() => HashCode.Combine(Path, Op);
}

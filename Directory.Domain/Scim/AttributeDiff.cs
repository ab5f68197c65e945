using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// The difference between two states of a resource, and its inverse. For attributes in canonical form
/// <c>Apply(type, before, Between(type, before, after))</c> is <c>after</c> up to the order of the elements of multi-valued
/// attributes, which has no meaning (RFC 7643 §2.4). Attributes that no schema of the type knows, left by a schema that is no
/// longer configured, are not compared and are kept.
/// </summary>
public static class AttributeDiff
{
    /// <summary>
    /// What changed, in the order of the schema: one change for a simple attribute, one for each sub-attribute of a complex one, one
    /// for each element of a multi-valued one. Empty when nothing did.
    /// </summary>
    public static IReadOnlyList<AttributeChange> Between(ResourceType type, JsonObject before, JsonObject after)
    {
        List<AttributeChange> changes = [];
        foreach (var attribute in CommonAttributes.All)
            Compare(attribute.Name, attribute, before[attribute.Name], after[attribute.Name], changes);
        foreach (var attribute in type.Schema.Attributes)
            if (CommonAttributes.Find(attribute.Name) is null)
                Compare(attribute.Name, attribute, before[attribute.Name], after[attribute.Name], changes);
        foreach (var extension in type.Extensions)
        {
            var (old, now) = (before[extension.Schema.Id] as JsonObject, after[extension.Schema.Id] as JsonObject);
            foreach (var attribute in extension.Schema.Attributes)
                Compare($"{extension.Schema.Id}:{attribute.Name}", attribute, old?[attribute.Name], now?[attribute.Name], changes);
        }
        return changes;
    }

    /// <summary>
    /// The attributes after the changes; the input is left as it is. Never throws on changes of an earlier time: a path that the
    /// schema no longer knows is followed by its form, a value that is not there is not removed.
    /// </summary>
    public static JsonObject Apply(ResourceType type, JsonObject attributes, IReadOnlyList<AttributeChange> changes)
    {
        var result = attributes.DeepClone().AsObject();
        foreach (var change in changes)
            ChangePath.Of(change.Path).Apply(type, result, change);
        return result;
    }

    private static void Compare(
        string path, AttributeDefinition attribute, JsonNode? before, JsonNode? after, List<AttributeChange> changes)
    {
        if (ReferenceEquals(before, after)) return;
        if (attribute.MultiValued)
            ElementDiff.Compare(path, before, after, changes);
        else if (attribute.IsComplex && before is JsonObject or null && after is JsonObject or null)
            foreach (var sub in attribute.SubAttributes)
                CompareWhole($"{path}.{sub.Name}", before?[sub.Name], after?[sub.Name], changes);
        else
            CompareWhole(path, before, after, changes);
    }

    private static void CompareWhole(string path, JsonNode? before, JsonNode? after, List<AttributeChange> changes)
    {
        if (!ValueEquality.Same(before, after)) changes.Add(AttributeChange.Of(path, before, after));
    }
}

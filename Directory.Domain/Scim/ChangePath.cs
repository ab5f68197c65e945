using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// The path of an <see cref="AttributeChange"/>, taken apart by its form alone, so that a change can be applied after its schema is
/// gone: the URI ends at the last colon, the sub-attribute begins at the first dot after it.
/// </summary>
internal sealed record ChangePath(string? Uri, string Name, string? SubName)
{
    public static ChangePath Of(string path)
    {
        var colon = path.LastIndexOf(':');
        var dot = path.IndexOf('.', colon + 1);
        var end = dot < 0 ? path.Length : dot;
        return new ChangePath(colon < 0 ? null : path[..colon], path[(colon + 1)..end], dot < 0 ? null : path[(dot + 1)..]);
    }

    public void Apply(ResourceType type, JsonObject attributes, AttributeChange change)
    {
        var home = Uri is null ? attributes : Object(attributes, Uri);
        if (SubName is not null)
        {
            Set(Object(home, Name), SubName, change.After);
            RemoveIfEmpty(home, Name);
        }
        else if (IsMultiValued(type, home[Name], change))
            ReplaceElement(home, change);
        else
            Set(home, Name, change.After);
        if (Uri is not null) RemoveIfEmpty(attributes, Uri);
    }

    /// <summary>Whether a change at this path is about one element of a multi-valued attribute.</summary>
    public bool NamesElement(ResourceType type, AttributeChange change) => SubName is null && IsMultiValued(type, null, change);

    // Unknown to the schema, an object is an element, because the changes of a single-valued complex attribute name its sub-attributes.
    private bool IsMultiValued(ResourceType type, JsonNode? current, AttributeChange change) =>
        type.Resolve(new AttributePath(Uri, Name, null))?.Attribute.MultiValued
        ?? (current is JsonArray || (change.After ?? change.Before) is JsonObject);

    private void ReplaceElement(JsonObject home, AttributeChange change)
    {
        var elements = home[Name] switch
        {
            JsonArray array => array,
            null => [],
            { } single => [single.DeepClone()],
        };
        var index = change.Before is null ? -1 : IndexOf(elements, change.Before);
        if (index >= 0 && change.After is not null)
            elements[index] = change.After.DeepClone();
        else if (index >= 0)
            elements.RemoveAt(index);
        else if (change.After is not null)
            elements.Add(change.After.DeepClone());

        if (elements.Count == 0) home.Remove(Name);
        else if (elements.Parent is null) home[Name] = elements;
    }

    private static int IndexOf(JsonArray elements, JsonNode element)
    {
        for (var i = 0; i < elements.Count; i++)
            if (ValueEquality.Same(elements[i], element))
                return i;
        return -1;
    }

    private static JsonObject Object(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject existing) return existing;
        JsonObject created = [];
        parent[name] = created;
        return created;
    }

    private static void Set(JsonObject parent, string name, JsonNode? value)
    {
        if (value is null) parent.Remove(name);
        else parent[name] = value.DeepClone();
    }

    private static void RemoveIfEmpty(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject { Count: 0 }) parent.Remove(name);
    }
}

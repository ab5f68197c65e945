using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>
/// The elements of a multi-valued attribute, kept as RFC 7643 §2.4 wants them: no two the same, at most one of them primary.
/// </summary>
internal sealed class ElementList(AttributeReference target, JsonNode? current)
{
    private static readonly int MaxElements = ReadLimits.Default.Elements;

    private readonly AttributeDefinition _attribute = target.Attribute;
    private readonly AttributeDefinition? _value = target.Attribute.Find("value");
    private readonly AttributeDefinition? _type = target.Attribute.Find("type");
    private readonly List<JsonNode> _elements = [.. Elements(current).Select(element => element.DeepClone())];

    /// <summary>The elements, without those that have become empty or the same as another; null when none is left.</summary>
    /// <exception cref="ScimException">invalidValue: there are more than an attribute may have.</exception>
    public JsonArray? ToArray()
    {
        var seen = new HashSet<JsonNode>(ValueEquality.Comparer);
        _elements.RemoveAll(element => element is JsonObject { Count: 0 } || !seen.Add(element));
        if (_elements.Count > MaxElements)
            throw new ScimException(ScimError.InvalidValue($"The attribute '{_attribute.Name}' would have more than {MaxElements} values."));
        return _elements.Count == 0 ? null : new JsonArray([.. _elements]);
    }

    /// <summary>The positions of the elements that satisfy the condition.</summary>
    public IReadOnlyList<int> Select(Predicate<JsonNode> condition) => [.. Enumerable.Range(0, _elements.Count).Where(i => condition(_elements[i]))];

    /// <summary>Puts the given elements in the place of all.</summary>
    public void Set(JsonArray given)
    {
        _elements.Clear();
        _elements.AddRange(given.OfType<JsonNode>().Select(element => element.DeepClone()));
    }

    /// <summary>
    /// Appends what is not there. An element with the value of a present one, and with its type if it has one itself, is merged into
    /// that one: the present one may have more sub-attributes.
    /// </summary>
    public void Add(JsonArray elements)
    {
        var keys = _elements.Select(KeyOf).ToList();
        foreach (var element in Elements(elements).Select(element => element.DeepClone()))
        {
            var key = KeyOf(element);
            var index = key.Value is null
                ? _elements.FindIndex(other => IsPartOf(element, other))
                : keys.FindIndex(other => Same(other.Value, key.Value) && (key.Type is null || Same(other.Type, key.Type)));
            if (index < 0)
            {
                _elements.Add(element);
                keys.Add(key);
                HandOverPrimary([_elements.Count - 1], IsPrimary(element));
            }
            else if (element is JsonObject given)
                Merge([index], [.. NewParts(given, _elements[index])]);
        }
    }

    // What is immutable stays as it is: the element is there already, and that is all that an add asks for.
    private IEnumerable<AttributeAssignment> NewParts(JsonObject given, JsonNode present) =>
        from part in given
        let sub = _attribute.Find(part.Key)!
        where sub.Mutability != Mutability.Immutable || present[sub.Name] is null
        select new AttributeAssignment(target with { SubAttribute = sub }, part.Value);

    /// <summary>Removes the elements with the values of the given ones; given ones without a value remove those that contain them.</summary>
    public void Remove(JsonArray given)
    {
        var values = given.Select(element => element is null ? null : KeyOf(element).Value).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var others = given.OfType<JsonNode>().Where(element => KeyOf(element).Value is null).ToList();
        _elements.RemoveAll(element =>
            (KeyOf(element).Value is { } value && values.Contains(value)) || others.Any(other => IsPartOf(other, element)));
    }

    /// <summary>Puts one element in the place of all selected ones, which makes them one, or nothing.</summary>
    /// <exception cref="ScimException">mutability: an immutable sub-attribute would change.</exception>
    public void Replace(IReadOnlyList<int> selected, JsonNode? element)
    {
        if (selected.Count == 0) return;
        if (element is not null)
        {
            foreach (var index in selected) ComplexValue.RequireReplaceable(target, _elements[index], element);
            _elements[selected[0]] = element;
            HandOverPrimary([selected[0]], IsPrimary(element));
        }
        foreach (var index in selected.Skip(element is null ? 0 : 1).Reverse()) _elements.RemoveAt(index);
    }

    /// <summary>Sets and removes sub-attributes of the selected elements.</summary>
    /// <exception cref="ScimException">mutability; invalidValue: several elements would become primary.</exception>
    public void Merge(IReadOnlyList<int> selected, IReadOnlyList<AttributeAssignment> parts)
    {
        foreach (var index in selected)
            _elements[index] = ComplexValue.With(_elements[index] as JsonObject, parts) ?? [];
        HandOverPrimary(selected, parts.Any(part => part.Target.SubAttribute!.Name == "primary" && FilterValue.Truth(part.Value) == true));
    }

    // RFC 7644 §3.5.2: an operation that sets "primary" to true "SHALL cause the server to automatically set "primary" to "false" for
    // any other values in the array".
    private void HandOverPrimary(IReadOnlyList<int> selected, bool primary)
    {
        if (!primary) return;
        if (selected.Count > 1)
            throw new ScimException(ScimError.InvalidValue($"The attribute '{_attribute.Name}' would have more than one value that is primary."));
        for (var i = 0; i < _elements.Count; i++)
            if (i != selected[0] && IsPrimary(_elements[i]))
                _elements[i]["primary"] = false;
    }

    private static bool IsPrimary(JsonNode element) => element is JsonObject complex && FilterValue.Truth(complex["primary"]) == true;

    // A value that is no array was stored when the attribute was single-valued: it is the one element.
    private static IEnumerable<JsonNode> Elements(JsonNode? value) => value switch
    {
        null => [],
        JsonArray array => array.OfType<JsonNode>(),
        _ => [value],
    };

    // What tells two elements apart, compared as the schema says (RFC 7643 §2.4: "the same (type, value) combination").
    private (string? Value, string? Type) KeyOf(JsonNode element) => element is JsonObject complex
        ? (Key(_value, complex["value"]), Key(_type, complex["type"]))
        : (Key(_attribute, element), null);

    private static string? Key(AttributeDefinition? definition, JsonNode? node) => node is null || definition is null
        ? null
        : FilterValue.Text(node) is { } text ? FilterValue.Comparable(definition, text) : node.ToJsonString();

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private static bool IsPartOf(JsonNode part, JsonNode whole) => part is JsonObject a && whole is JsonObject b
        ? a.All(member => ValueEquality.Same(member.Value, b[member.Key]))
        : ValueEquality.Same(part, whole);
}

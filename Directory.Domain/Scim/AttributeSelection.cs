using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>An attribute that is returned, with those sub-attributes that are; null when all of them are or it has none.</summary>
internal sealed record KeptAttribute(ResourceSchema? Extension, AttributeDefinition Attribute, IReadOnlyList<AttributeDefinition>? SubAttributes)
{
    /// <summary>A copy of what is returned of the value; null when nothing is.</summary>
    public JsonNode? Of(JsonNode value) => SubAttributes is null ? value.DeepClone() : value switch
    {
        JsonArray array => NullIfEmpty(new JsonArray([.. array.OfType<JsonObject>().Select(Part).OfType<JsonNode>()])),
        JsonObject json => Part(json),
        _ => null,
    };

    private JsonObject? Part(JsonObject json)
    {
        var part = new JsonObject();
        foreach (var sub in SubAttributes!)
            if (json[sub.Name] is { } value)
                part.Add(sub.Name, value.DeepClone());
        return part.Count == 0 ? null : part;
    }

    private static JsonArray? NullIfEmpty(JsonArray array) => array.Count == 0 ? null : array;
}

/// <summary>
/// The attributes named by a request, as paths in the spelling of the schema, and the schemas named by their URI. Either those are
/// asked for or they are excluded; without names the schema decides alone.
/// </summary>
internal sealed class AttributeSelection
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _excludes;

    private AttributeSelection(ResourceType type, IEnumerable<string> names, bool excludes, bool isEmpty)
    {
        _excludes = excludes;
        IsEmpty = isEmpty;
        foreach (var name in names)
            if ((type.FindSchema(name)?.Id ?? AttributePathParser.Resolve(name, type)?.ToString()) is { } path)
                _names.Add(path);
    }

    public bool IsEmpty { get; }

    public static AttributeSelection Of(ResourceType type, HashSet<string>? requested, HashSet<string>? excluded) =>
        new(type, requested ?? excluded ?? [], excludes: requested is null, isEmpty: (requested ?? excluded) is null);

    /// <summary>Whether some attribute is returned only when asked for.</summary>
    public static bool HasOnRequest(ResourceType type) =>
        All(type).Any(a => a.Attribute.Returned == Returned.Request || a.Attribute.SubAttributes.Any(s => s.Returned == Returned.Request));

    /// <summary>The attributes to return, in canonical order.</summary>
    public IReadOnlyList<KeptAttribute> Choose(ResourceType type)
    {
        var kept = new List<KeptAttribute>();
        foreach (var target in All(type))
        {
            var schema = target.Extension?.Id ?? (CommonAttributes.All.Contains(target.Attribute) ? null : type.Schema.Id);
            var whole = _names.Contains(target.ToString()) ? Named.Itself
                : schema is not null && _names.Contains(schema) ? Named.WithItsSchema
                : Named.Not;
            var subs = target.Attribute.SubAttributes;
            var keptSubs = subs.Where(s => KeepsSub(s, target with { SubAttribute = s }, whole)).ToArray();
            if (subs.Count == 0 ? Keeps(target.Attribute, whole) : KeepsComplex(target, whole, keptSubs))
                kept.Add(new KeptAttribute(target.Extension, target.Attribute, keptSubs.Length == subs.Count ? null : keptSubs));
        }
        return kept;
    }

    private enum Named { Not, Itself, WithItsSchema }

    private bool Keeps(AttributeDefinition definition, Named named) => definition.Returned switch
    {
        Returned.Always => true,
        Returned.Never => false,
        Returned.Request => !_excludes && named == Named.Itself,
        _ => _excludes == (named == Named.Not),
    };

    // A sub-attribute that is asked for brings the attribute with it; an excluded one leaves the others.
    private bool KeepsComplex(AttributeReference target, Named named, AttributeDefinition[] keptSubs) =>
        keptSubs.Length > 0 && target.Attribute.Returned != Returned.Never
        && (Keeps(target.Attribute, named) || (!_excludes && keptSubs.Any(s => IsNamed(target with { SubAttribute = s }))));

    // Within an attribute that is returned without being named (returned "always") the sub-attributes follow their own rule.
    private bool KeepsSub(AttributeDefinition sub, AttributeReference target, Named whole) => sub.Returned switch
    {
        Returned.Always => true,
        Returned.Never => false,
        Returned.Request => !_excludes && IsNamed(target),
        _ when _excludes => !IsNamed(target),
        _ => IsNamed(target) || whole != Named.Not || (target.Attribute.Returned == Returned.Always && !AnySubNamed(target)),
    };

    private bool AnySubNamed(AttributeReference target) =>
        target.Attribute.SubAttributes.Any(s => IsNamed(target with { SubAttribute = s }));

    private bool IsNamed(AttributeReference target) => _names.Contains(target.ToString());

    private static IEnumerable<AttributeReference> All(ResourceType type)
    {
        foreach (var attribute in (AttributeDefinition[])[CommonAttributes.Schemas, CommonAttributes.Id, CommonAttributes.ExternalId])
            yield return new AttributeReference(null, attribute, null);
        foreach (var attribute in type.Schema.Attributes)
            yield return new AttributeReference(null, attribute, null);
        foreach (var extension in type.Extensions)
            foreach (var attribute in extension.Schema.Attributes)
                yield return new AttributeReference(extension.Schema, attribute, null);
        yield return new AttributeReference(null, CommonAttributes.Meta, null);
    }
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>
/// Conditions on the search document. Equality is containment, which one index serves for every attribute of every schema; the rest
/// looks at the value, or at each element of a list.
/// </summary>
internal sealed class DocumentSql(ResourceType type, SqlParameters parameters) : IConditionSource
{
    private const string Document = "r.search";

    public string Compare(Comparison comparison)
    {
        if (Indexed(comparison) is { } indexed) return indexed;
        var attribute = comparison.Attribute;
        if (comparison.Operator == ComparisonOperator.Equal) return Contains(Nested(attribute, Nest(attribute, JsonElement.Value(comparison))));
        var condition = Each(attribute, comparison);
        return PrefixIndex(comparison) is { } index ? $"({index} and {condition})" : condition;
    }

    public string IsPresent(AttributeReference attribute)
    {
        if (SearchColumns.IndexedText(type, attribute) is { } indexed) return TextSql.IsPresent(indexed);
        var condition = Each(attribute, new Presence(attribute));
        // The predicate of a partial index, which lists the few who have the attribute.
        return SearchColumns.HasPrefixIndex(type, attribute)
            ? $"(jsonb_exists({Document}, {Key(attribute.Attribute.Name)}) and {condition})"
            : condition;
    }

    public string HasElement(ValuePath path)
    {
        var template = new ElementTemplate();
        var rest = FilterSql.Conjuncts(path.Filter).Where(part => !template.TryTake(part)).ToArray();
        var contained = template.Element is null ? null : Contains(Nested(path.Attribute, InList(path.Attribute.Attribute, template.Element)));
        if (rest.Length == 0) return contained!;
        // The filter speaks of an element, so without one it does not hold, whatever it says.
        var exists = path.Attribute.Attribute.MultiValued ? null : $"{Path(path.Attribute)} is not null";
        string?[] conditions = [contained, .. rest.OfType<Comparison>().Select(PrefixIndex), exists, Each(path.Attribute, path.Filter)];
        return $"({string.Join(" AND ", conditions.OfType<string>())})";
    }

    public string Contains(JsonObject part) => $"{Document} @> {parameters.Json(part.ToJsonString())}";

    /// <summary>The text of a single-valued attribute.</summary>
    public static string Text(AttributeReference attribute) =>
        attribute.SubAttribute is { } sub
            ? $"({Path(attribute)}->>{Key(sub.Name)})"
            : $"({Container(attribute)}->>{Key(attribute.Attribute.Name)})";

    /// <summary>The attribute in the document, as jsonb.</summary>
    public static string Path(AttributeReference attribute) => $"{Container(attribute)}->{Key(attribute.Attribute.Name)}";

    // Names of attributes and URIs come from the schemas, never from a request.
    public static string Key(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Container(AttributeReference attribute) =>
        attribute.Extension is null ? Document : $"{Document}->{Key(attribute.Extension.Id)}";

    /// <summary>The filter on the value, on the object, or on some element of the list.</summary>
    private string Each(AttributeReference attribute, ScimFilter filter) => attribute.Attribute.MultiValued
        ? JsonElement.Exists(Path(attribute), filter, parameters)
        : FilterSql.Write(filter, new JsonElement(Path(attribute), Text(attribute with { SubAttribute = null }), parameters));

    private string? Indexed(Comparison comparison) =>
        comparison is { Operator: not (ComparisonOperator.Contains or ComparisonOperator.EndsWith), Value: ComparisonValue.Text text }
        && SearchColumns.IndexedText(type, comparison.Attribute) is { } indexed
        && FilterValue.Comparable(comparison.Attribute.Leaf, text.Value) is { Length: < SearchColumns.IndexedLength } operand
            ? TextSql.Compare(indexed, comparison.Operator, operand, parameters)
            : null;

    private string? PrefixIndex(Comparison comparison) =>
        comparison is { Operator: ComparisonOperator.StartsWith, Value: ComparisonValue.Text { Value.Length: > 0 } text, Attribute.SubAttribute.Name: "value" }
        && SearchColumns.HasPrefixIndex(type, comparison.Attribute)
            ? $"scim_value_lexemes({Path(comparison.Attribute)}) @@ {parameters.Text(TextSql.PrefixQuery(FilterValue.Comparable(comparison.Attribute.Leaf, text.Value)))}::tsquery"
            : null;

    private static JsonNode Nest(AttributeReference attribute, JsonNode value) => InList(attribute.Attribute,
        attribute.SubAttribute is { } sub ? new JsonObject { [sub.Name] = InList(sub, value) } : value);

    internal static JsonNode InList(AttributeDefinition definition, JsonNode value) => definition.MultiValued ? new JsonArray(value) : value;

    private static JsonObject Nested(AttributeReference attribute, JsonNode value)
    {
        var part = new JsonObject { [attribute.Attribute.Name] = value };
        return attribute.Extension is null ? part : new JsonObject { [attribute.Extension.Id] = part };
    }
}

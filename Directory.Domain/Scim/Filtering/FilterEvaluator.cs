using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// Holds a resource against a filter in memory (RFC 7644 §3.4.2.2). It is the definition of what a filter means; the SQL that
/// searches run is tested against it. Resources are in canonical form: names in the spelling of the schema, extension attributes
/// under the extension's URI, no nulls and no empty lists.
/// </summary>
/// <remarks>
/// Every filter is true or false, never unknown. A comparison with a list holds when it holds for some element, and <c>ne</c> is
/// the negation of <c>eq</c>, so it holds for an absent attribute: docs/decisions/0030-filters.md.
/// </remarks>
public static class FilterEvaluator
{
    /// <summary>Whether a whole resource, with its id and meta, satisfies a filter.</summary>
    public static bool Matches(ScimFilter filter, JsonObject resource) => filter switch
    {
        LogicalAnd and => Matches(and.Left, resource) && Matches(and.Right, resource),
        LogicalOr or => Matches(or.Left, resource) || Matches(or.Right, resource),
        Negation not => !Matches(not.Inner, resource),
        ValuePath path => Elements(ValueOf(path.Attribute, resource)).Any(element => MatchesElement(path.Filter, element)),
        Presence presence => IsPresent(Leaves(presence.Attribute, resource)),
        Comparison comparison => Holds(comparison, Leaves(comparison.Attribute, resource)),
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    /// <summary>
    /// Whether one element of an attribute satisfies the filter in brackets behind it: an object of sub-attributes, or the value
    /// itself where the attribute is a list of simple values.
    /// </summary>
    public static bool MatchesElement(ScimFilter filter, JsonNode element) => filter switch
    {
        LogicalAnd and => MatchesElement(and.Left, element) && MatchesElement(and.Right, element),
        LogicalOr or => MatchesElement(or.Left, element) || MatchesElement(or.Right, element),
        Negation not => !MatchesElement(not.Inner, element),
        Presence presence => IsPresent(LeavesOf(presence.Attribute, element)),
        Comparison comparison => Holds(comparison, LeavesOf(comparison.Attribute, element)),
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    private static JsonNode? ValueOf(AttributeReference attribute, JsonObject resource)
    {
        var container = attribute.Extension is null ? resource : resource[attribute.Extension.Id] as JsonObject;
        return container?[attribute.Attribute.Name];
    }

    private static IEnumerable<JsonNode> Elements(JsonNode? value) => value switch
    {
        null => [],
        JsonArray list => list.OfType<JsonNode>(),
        _ => [value],
    };

    private static IEnumerable<JsonNode> Leaves(AttributeReference attribute, JsonObject resource) =>
        Elements(ValueOf(attribute, resource)).SelectMany(element => LeavesOf(attribute, element));

    private static IEnumerable<JsonNode> LeavesOf(AttributeReference attribute, JsonNode element) =>
        attribute.SubAttribute is null ? [element] : Elements((element as JsonObject)?[attribute.SubAttribute.Name]);

    // pr: "a non-empty or non-null value, or ... a non-empty node for complex attributes".
    private static bool IsPresent(IEnumerable<JsonNode> leaves) => leaves.Any(leaf => leaf switch
    {
        JsonObject complex => complex.Count > 0,
        JsonValue value => !value.TryGetValue<string>(out var text) || text.Length > 0,
        _ => false,
    });

    private static bool Holds(Comparison comparison, IEnumerable<JsonNode> leaves)
    {
        if (comparison.Value is ComparisonValue.Null) return IsPresent(leaves) == (comparison.Operator == ComparisonOperator.NotEqual);
        if (comparison.Operator == ComparisonOperator.NotEqual) return !Holds(comparison with { Operator = ComparisonOperator.Equal }, leaves);
        var leaf = comparison.Attribute.Leaf;
        return comparison.Value switch
        {
            ComparisonValue.Text text => HoldsForText(leaf, comparison.Operator, FilterValue.Comparable(leaf, text.Value), leaves),
            ComparisonValue.Truth truth => leaves.Any(node => FilterValue.Truth(node) == truth.Value),
            ComparisonValue.Number number => leaves.Any(node => FilterValue.Number(node) is { } n && Ordered(comparison.Operator, n.CompareTo(number.Value))),
            ComparisonValue.Time time => leaves.Any(node => FilterValue.Time(node) is { } t && Ordered(comparison.Operator, t.CompareTo(time.Value))),
            _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
        };
    }

    private static bool HoldsForText(AttributeDefinition leaf, ComparisonOperator comparison, string operand, IEnumerable<JsonNode> leaves) =>
        leaves.Select(FilterValue.Text).OfType<string>().Select(text => FilterValue.Comparable(leaf, text)).Any(text => comparison switch
        {
            ComparisonOperator.Contains => text.Contains(operand, StringComparison.Ordinal),
            ComparisonOperator.StartsWith => text.StartsWith(operand, StringComparison.Ordinal),
            ComparisonOperator.EndsWith => text.EndsWith(operand, StringComparison.Ordinal),
            ComparisonOperator.Equal => string.Equals(text, operand, StringComparison.Ordinal),
            _ => Ordered(comparison, FilterValue.CompareByCodePoint(text, operand)),
        });

    private static bool Ordered(ComparisonOperator comparison, int order) => comparison switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.GreaterThan => order > 0,
        ComparisonOperator.GreaterOrEqual => order >= 0,
        ComparisonOperator.LessThan => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        _ => false,
    };
}

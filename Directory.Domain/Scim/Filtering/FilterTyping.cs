using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// Holds an operator and a value against the type of the attribute (RFC 7644 §3.4.2.2, table 3), so that whoever evaluates a filter
/// meets only comparisons that mean something.
/// </summary>
internal static class FilterTyping
{
    /// <summary>The spelling of each operator.</summary>
    public static readonly IReadOnlyDictionary<string, ComparisonOperator> Operators =
        new Dictionary<string, ComparisonOperator>(StringComparer.OrdinalIgnoreCase)
        {
            ["eq"] = ComparisonOperator.Equal,
            ["ne"] = ComparisonOperator.NotEqual,
            ["co"] = ComparisonOperator.Contains,
            ["sw"] = ComparisonOperator.StartsWith,
            ["ew"] = ComparisonOperator.EndsWith,
            ["gt"] = ComparisonOperator.GreaterThan,
            ["ge"] = ComparisonOperator.GreaterOrEqual,
            ["lt"] = ComparisonOperator.LessThan,
            ["le"] = ComparisonOperator.LessOrEqual,
        };

    public static bool IsEquality(ComparisonOperator comparison) => comparison is ComparisonOperator.Equal or ComparisonOperator.NotEqual;

    private static bool IsOrdering(ComparisonOperator comparison) => comparison >= ComparisonOperator.GreaterThan;

    /// <summary>Why the operator does not fit the type, or null.</summary>
    public static string? RefuseOperator(AttributeDefinition leaf, string path, ComparisonOperator comparison)
    {
        if (IsEquality(comparison)) return null;
        var fits = leaf.Type switch
        {
            AttributeType.String or AttributeType.Reference => true,
            AttributeType.Decimal or AttributeType.Integer or AttributeType.DateTime => IsOrdering(comparison),
            // "Boolean and Binary attributes SHALL cause a failed response" (RFC 7644 §3.4.2.2, gt and its like).
            AttributeType.Binary => !IsOrdering(comparison),
            _ => false,
        };
        return fits ? null : $"the operator '{Spelling(comparison)}' cannot be applied to '{path}', which is of type {TypeName(leaf.Type)}.";
    }

    /// <summary>The value in the attribute's type, or why it is not of that type.</summary>
    public static (ComparisonValue? Value, string? Refusal) Convert(
        AttributeDefinition leaf, string path, ComparisonOperator comparison, ComparisonValue value)
    {
        if (value is ComparisonValue.Null)
            return IsEquality(comparison)
                ? (value, null)
                : (null, $"null can be compared with 'eq' and 'ne' only, not with '{Spelling(comparison)}'.");
        return (leaf.Type, value) switch
        {
            (AttributeType.String or AttributeType.Reference or AttributeType.Binary, ComparisonValue.Text) => (value, null),
            (AttributeType.Boolean, ComparisonValue.Truth) => (value, null),
            // Identity providers send booleans as strings: active eq "True".
            (AttributeType.Boolean, ComparisonValue.Text text) when bool.TryParse(text.Value, out var truth) =>
                (new ComparisonValue.Truth(truth), null),
            (AttributeType.Decimal or AttributeType.Integer, ComparisonValue.Number) => (value, null),
            (AttributeType.DateTime, ComparisonValue.Text text) when ScimDateTime.TryParse(text.Value, out var instant) =>
                (new ComparisonValue.Time(instant), null),
            (AttributeType.DateTime, _) =>
                (null, $"'{path}' is compared with a date and time in quotation marks, such as \"2011-05-13T04:42:34Z\"."),
            (AttributeType.Complex, _) =>
                (null, $"'{path}' is a complex attribute; name one of its sub-attributes: {Names(leaf.SubAttributes)}."),
            _ => (null, $"'{path}' is of type {TypeName(leaf.Type)} and cannot be compared with a {KindOf(value)}."),
        };
    }

    public static string Spelling(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "eq",
        ComparisonOperator.NotEqual => "ne",
        ComparisonOperator.Contains => "co",
        ComparisonOperator.StartsWith => "sw",
        ComparisonOperator.EndsWith => "ew",
        ComparisonOperator.GreaterThan => "gt",
        ComparisonOperator.GreaterOrEqual => "ge",
        ComparisonOperator.LessThan => "lt",
        ComparisonOperator.LessOrEqual => "le",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, null),
    };

    public static string Names(IEnumerable<AttributeDefinition> attributes) =>
        string.Join(", ", attributes.Where(a => !a.IsSecret).Select(a => a.Name));

    private static string TypeName(AttributeType type) => type == AttributeType.DateTime ? "dateTime" : type.ToString().ToLowerInvariant();

    private static string KindOf(ComparisonValue value) => value switch
    {
        ComparisonValue.Text => "string",
        ComparisonValue.Number => "number",
        _ => "boolean",
    };
}

using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>
/// Where an operation applies: either a whole schema, or an attribute with or without a filter over its elements and with or
/// without a sub-attribute, which is part of <see cref="Target"/>.
/// </summary>
internal sealed record PatchPath(ResourceSchema? Schema, AttributeReference? Target, ScimFilter? Filter, string Text)
{
    /// <summary>The path of an attribute or sub-attribute without a filter.</summary>
    public PatchPath(AttributeReference target) : this(null, target, null, target.ToString()) { }

    /// <exception cref="ScimException">invalidPath; invalidFilter for what stands in brackets.</exception>
    public static PatchPath Parse(string text, ResourceType type)
    {
        if (string.Equals(text, type.Schema.Id, StringComparison.OrdinalIgnoreCase)) return new PatchPath(type.Schema, null, null, text);
        var path = FilterParser.ParsePath(text, type);
        return path.Extension is not null
            ? new PatchPath(path.Extension, null, null, text)
            : new PatchPath(null, path.Attribute! with { SubAttribute = path.SubAttribute }, path.Filter, text);
    }

    /// <summary>The path that a key of a value stands for, if it has a filter in brackets, is valid, and may be written to; else null.</summary>
    public static PatchPath? ParseSelection(string key, ResourceType type)
    {
        if (!key.Contains('[', StringComparison.Ordinal)) return null;
        try
        {
            var path = Parse(key, type);
            return PatchRules.IsWritable(path.Target!) ? path : null;
        }
        catch (ScimException)
        {
            return null;
        }
    }

    /// <summary>Whether the operation is about this element.</summary>
    public bool Selects(JsonNode? element) => Filter is null || (element is not null && FilterEvaluator.MatchesElement(Filter, element));

    /// <summary>
    /// What the filter says of an element that it would select: the parts of <c>type eq "work" and primary eq true</c>. Null when it
    /// says anything but equalities, so that no element can be made from it.
    /// </summary>
    public IReadOnlyList<AttributeAssignment>? Selector() => Filter is null ? [] : Equalities(Filter)?.ToList();

    public ScimException NoTarget() => new(ScimError.NoTarget(Text));

    private static IEnumerable<AttributeAssignment>? Equalities(ScimFilter filter) => filter switch
    {
        LogicalAnd both when Equalities(both.Left) is { } left && Equalities(both.Right) is { } right => left.Concat(right),
        Comparison { Operator: ComparisonOperator.Equal, Attribute.SubAttribute: not null } comparison =>
            [new AttributeAssignment(comparison.Attribute, ResourceReader.ReadValue(comparison.Attribute, Json(comparison.Value)))],
        _ => null,
    };

    private static JsonNode? Json(ComparisonValue value) => value switch
    {
        ComparisonValue.Text text => text.Value,
        ComparisonValue.Number number => number.Value,
        ComparisonValue.Truth truth => truth.Value,
        ComparisonValue.Time time => time.Value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        _ => null,
    };
}

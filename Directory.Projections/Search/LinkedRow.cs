using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>
/// Conditions on one element of <c>members</c> or <c>groups</c> (RFC 7643 §4.2 and §4.1.2), which is a row: value, $ref, display and
/// type.
/// </summary>
internal sealed class LinkedRow(SqlParameters parameters) : IConditionSource
{
    /// <summary>The uuid.</summary>
    public required string Id { get; init; }

    /// <summary>The comparable text of <c>display</c>.</summary>
    public required string Display { get; init; }

    /// <summary>The values <c>type</c> can have, each with the condition on the row under which it has it.</summary>
    public required IReadOnlyList<(string Value, string Condition)> Types { get; init; }

    /// <summary>What <c>$ref</c> begins with, each with the condition on the row.</summary>
    public required IReadOnlyList<(string Prefix, string Condition)> Addresses { get; init; }

    public string Compare(Comparison comparison)
    {
        var sub = comparison.Attribute.Leaf;
        var operand = FilterValue.Comparable(sub, ((ComparisonValue.Text)comparison.Value).Value);
        return sub.Name switch
        {
            "value" => IdSql.Compare(Id, "", comparison.Operator, operand, parameters),
            "display" => TextSql.Compare(Display, comparison.Operator, operand, parameters),
            "type" => Any(Types.Where(type => FilterEvaluator.MatchesElement(comparison, new JsonObject { ["type"] = type.Value }))
                .Select(type => type.Condition)),
            "$ref" => Any(Addresses.Select(address =>
                $"({address.Condition} and {IdSql.Compare(Id, FilterValue.Comparable(sub, address.Prefix), comparison.Operator, operand, parameters)})")),
            _ => FilterSql.Never,
        };
    }

    public string IsPresent(AttributeReference attribute) => attribute.SubAttribute?.Name switch
    {
        null or "value" or "type" or "$ref" => FilterSql.Always,
        "display" => TextSql.IsPresent(Display),
        _ => FilterSql.Never,
    };

    public string HasElement(ValuePath path) => throw new ArgumentOutOfRangeException(nameof(path));

    private static string Any(IEnumerable<string> conditions)
    {
        string[] all = [.. conditions];
        return all.Length == 0 ? FilterSql.Never : $"({string.Join(" or ", all)})";
    }
}

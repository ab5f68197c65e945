using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Tests.Scim.Filtering;

/// <summary>Filters as the parser makes them, with values drawn from the same few as the resources hold, so that many match.</summary>
internal sealed class RandomFilters(Random random, ResourceType type)
{
    private static readonly ComparisonOperator[] Equality = [ComparisonOperator.Equal, ComparisonOperator.NotEqual];
    private static readonly ComparisonOperator[] Order =
    [
        ComparisonOperator.GreaterThan, ComparisonOperator.GreaterOrEqual, ComparisonOperator.LessThan, ComparisonOperator.LessOrEqual,
    ];
    private static readonly ComparisonOperator[] Parts = [ComparisonOperator.Contains, ComparisonOperator.StartsWith, ComparisonOperator.EndsWith];

    private readonly AttributeReference[] _attributes = [.. FilterableAttributes(type)];

    /// <summary>Every attribute a filter may name, its sub-attributes each by itself.</summary>
    public static IEnumerable<AttributeReference> FilterableAttributes(ResourceType type)
    {
        var roots = CommonAttributes.All.Concat(type.Schema.Attributes).Select(a => new AttributeReference(null, a, null))
            .Concat(type.Extensions.SelectMany(e => e.Schema.Attributes.Select(a => new AttributeReference(e.Schema, a, null))));
        foreach (var root in roots.Where(r => !r.Attribute.IsSecret))
        {
            yield return root;
            foreach (var sub in root.Attribute.SubAttributes.Where(s => !s.IsSecret)) yield return root with { SubAttribute = sub };
        }
    }

    public ScimFilter Next(int depth = 3) => (depth == 0 ? 0 : random.Next(8)) switch
    {
        4 => new LogicalAnd(Next(depth - 1), Next(depth - 1)),
        5 => new LogicalOr(Next(depth - 1), Next(depth - 1)),
        6 => new Negation(Next(depth - 1)),
        7 => NextValuePath(),
        _ => Condition(_attributes[random.Next(_attributes.Length)]),
    };

    /// <summary>One condition on the attribute; a complex one only as a whole, as the parser leaves it.</summary>
    public ScimFilter Condition(AttributeReference attribute)
    {
        var leaf = attribute.Leaf;
        if (random.Next(6) == 0) return new Presence(attribute);
        if (leaf.IsComplex || random.Next(12) == 0)
            return new Comparison(attribute, Equality[random.Next(2)], new ComparisonValue.Null());
        ComparisonOperator[] operators = leaf.Type switch
        {
            AttributeType.Boolean => Equality,
            AttributeType.Binary => [.. Equality, .. Parts],
            AttributeType.Integer or AttributeType.Decimal or AttributeType.DateTime => [.. Equality, .. Order],
            _ => [.. Equality, .. Order, .. Parts],
        };
        var comparison = operators[random.Next(operators.Length)];
        return new Comparison(attribute, comparison, RandomValues.Operand(random, attribute, Parts.Contains(comparison)));
    }

    private ValuePath NextValuePath()
    {
        var paths = _attributes.Where(a => a.SubAttribute is null && (a.Attribute.IsComplex || a.Attribute.MultiValued)).ToArray();
        var attribute = paths[random.Next(paths.Length)];
        return new ValuePath(attribute, Within(attribute, 2));
    }

    private ScimFilter Within(AttributeReference attribute, int depth) => (depth == 0 ? 0 : random.Next(7)) switch
    {
        3 or 4 => new LogicalAnd(Within(attribute, depth - 1), Within(attribute, depth - 1)),
        5 => new LogicalOr(Within(attribute, depth - 1), Within(attribute, depth - 1)),
        6 => new Negation(Within(attribute, depth - 1)),
        _ => Condition(SubOf(attribute)),
    };

    private AttributeReference SubOf(AttributeReference attribute)
    {
        var subs = attribute.Attribute.SubAttributes.Where(s => !s.IsSecret).ToArray();
        return subs.Length == 0 ? attribute : attribute with { SubAttribute = subs[random.Next(subs.Length)] };
    }
}

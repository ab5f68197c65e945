using Directory.Domain.Scim.Filtering;

namespace Directory.Projections.Search;

/// <summary>
/// A filter as a condition on <c>scim_user r</c> or <c>scim_group r</c>. It means what <see cref="FilterEvaluator"/> says, and is
/// tested against it.
/// </summary>
public static class FilterSql
{
    internal const string Always = "true";
    internal const string Never = "false";

    /// <summary>
    /// The condition, complete in itself, to be put behind AND. The query around it must restrict <c>r</c> to the tenant.
    /// </summary>
    /// <param name="filter">A filter that was parsed for the type in <paramref name="scope"/>.</param>
    /// <param name="scope">What is searched.</param>
    /// <param name="firstParameter">The number of the first free placeholder of the query around it, from 1.</param>
    public static SqlFragment Compile(ScimFilter filter, SearchScope scope, int firstParameter = 1)
    {
        var parameters = new SqlParameters(firstParameter);
        return new SqlFragment(Write(filter, new ResourceRow(scope, parameters)), parameters.All);
    }

    /// <summary>The boolean part of a filter, which is the same for every source of values.</summary>
    internal static string Write(ScimFilter filter, IConditionSource source) => filter switch
    {
        LogicalAnd and => $"({Write(and.Left, source)} and {Write(and.Right, source)})",
        LogicalOr or => $"({Write(or.Left, source)} or {Write(or.Right, source)})",
        Negation not => Not(Write(not.Inner, source)),
        ValuePath path => source.HasElement(path),
        Presence presence => source.IsPresent(presence.Attribute),
        Comparison { Value: ComparisonValue.Null, Operator: ComparisonOperator.Equal } c => Not(source.IsPresent(c.Attribute)),
        Comparison { Value: ComparisonValue.Null } c => source.IsPresent(c.Attribute),
        Comparison { Operator: ComparisonOperator.NotEqual } c => Not(source.Compare(c with { Operator = ComparisonOperator.Equal })),
        Comparison c => source.Compare(c),
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    // Absent values make a condition null, and "not" must be true for them.
    private static string Not(string condition) => $"(({condition}) is not true)";

    /// <summary>The parts of a conjunction.</summary>
    internal static IEnumerable<ScimFilter> Conjuncts(ScimFilter filter) =>
        filter is LogicalAnd and ? Conjuncts(and.Left).Concat(Conjuncts(and.Right)) : [filter];

    internal static string SqlOperator(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.GreaterThan => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
        ComparisonOperator.LessThan => "<",
        ComparisonOperator.LessOrEqual => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };
}

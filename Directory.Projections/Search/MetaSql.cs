using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>Conditions on the sub-attributes of <c>meta</c> (RFC 7643 §3.1), which are columns or follow from them.</summary>
internal sealed class MetaSql(SearchScope scope, SqlParameters parameters) : IConditionSource
{
    private const string VersionPrefix = "W/\"";

    public string Compare(Comparison comparison) => comparison.Attribute.SubAttribute?.Name switch
    {
        "created" => Time("r.created", comparison),
        "lastModified" => Time("r.last_modified", comparison),
        "version" => Version(comparison.Operator, Text(comparison)),
        "location" => IdSql.Compare("r.id", scope.Address(scope.Type.Endpoint), comparison.Operator, Text(comparison), parameters),
        "resourceType" => FilterEvaluator.MatchesElement(comparison, new JsonObject { ["resourceType"] = scope.Type.Name })
            ? FilterSql.Always
            : FilterSql.Never,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    public string IsPresent(AttributeReference attribute) => FilterSql.Always;

    public string HasElement(ValuePath path) => throw new ArgumentOutOfRangeException(nameof(path));

    private string Time(string column, Comparison comparison) =>
        $"{column} {FilterSql.SqlOperator(comparison.Operator)} {parameters.Time(((ComparisonValue.Time)comparison.Value).Value)}";

    // Versions are shown as weak entity tags: W/"3".
    private string Version(ComparisonOperator comparison, string operand)
    {
        if (comparison != ComparisonOperator.Equal)
            return TextSql.Compare($"('{VersionPrefix}' || r.version || '\"')", comparison, operand, parameters);
        return operand.StartsWith(VersionPrefix, StringComparison.Ordinal)
            && long.TryParse(operand.AsSpan(VersionPrefix.Length).TrimEnd('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && string.Equals(operand, $"{VersionPrefix}{version}\"", StringComparison.Ordinal)
                ? $"r.version = {parameters.Number(version)}"
                : FilterSql.Never;
    }

    private static string Text(Comparison comparison) =>
        FilterValue.Comparable(comparison.Attribute.Leaf, ((ComparisonValue.Text)comparison.Value).Value);
}

using Directory.Domain.Scim.Filtering;

namespace Directory.Projections.Search;

/// <summary>
/// Comparisons with an id, alone or behind a constant prefix as in <c>meta.location</c> and <c>$ref</c>. Ids are shown in lower case
/// with hyphens; equality and prefixes are taken to the uuid itself, so that its index serves.
/// </summary>
internal static class IdSql
{
    private const string Lowest = "00000000-0000-0000-0000-000000000000";
    private const string Highest = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    public static string Compare(string id, string prefix, ComparisonOperator comparison, string operand, SqlParameters parameters) => comparison switch
    {
        ComparisonOperator.Equal => operand.StartsWith(prefix, StringComparison.Ordinal) ? Equal(id, operand[prefix.Length..], parameters) : FilterSql.Never,
        ComparisonOperator.StartsWith when prefix.StartsWith(operand, StringComparison.Ordinal) => FilterSql.Always,
        ComparisonOperator.StartsWith =>
            operand.StartsWith(prefix, StringComparison.Ordinal) ? StartsWith(id, operand[prefix.Length..], parameters) : FilterSql.Never,
        _ => TextSql.Compare(prefix.Length == 0 ? $"({id})::text" : $"({parameters.Text(prefix)} || {id})", comparison, operand, parameters),
    };

    private static string Equal(string id, string text, SqlParameters parameters) =>
        Read(text) is { } value ? $"{id} = {parameters.Id(value)}" : FilterSql.Never;

    private static string StartsWith(string id, string text, SqlParameters parameters) =>
        text.Length <= Lowest.Length && Read(text + Lowest[text.Length..]) is { } first && Read(text + Highest[text.Length..]) is { } last
            ? $"{id} between {parameters.Id(first)} and {parameters.Id(last)}"
            : FilterSql.Never;

    private static Guid? Read(string text) =>
        Guid.TryParseExact(text, "D", out var value) && string.Equals(value.ToString(), text, StringComparison.Ordinal) ? value : null;
}

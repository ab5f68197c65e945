using System.Globalization;
using System.Text;
using Directory.Domain.Scim.Filtering;

namespace Directory.Projections.Search;

/// <summary>Comparisons of an SQL text, already comparable, with an operand that is made comparable in the same way.</summary>
internal static class TextSql
{
    /// <summary>
    /// A condition that is null where the text is. Collation "C" is the order of code points; a prefix is a range in it, which an
    /// index serves whether or not the planner knows the operand, and in which no character needs escaping.
    /// </summary>
    public static string Compare(string text, ComparisonOperator comparison, string operand, SqlParameters parameters)
    {
        var ordered = $"{text} collate \"C\"";
        return comparison switch
        {
            ComparisonOperator.Equal => $"{ordered} = {parameters.Text(operand)}",
            ComparisonOperator.Contains => $"strpos({text}, {parameters.Text(operand)}) > 0",
            ComparisonOperator.StartsWith => StartsWith(ordered, operand, parameters),
            ComparisonOperator.EndsWith => $"right({text}, {Length(operand)}) = {parameters.Text(operand)}",
            ComparisonOperator.GreaterThan => $"{ordered} > {parameters.Text(operand)}",
            ComparisonOperator.GreaterOrEqual => $"{ordered} >= {parameters.Text(operand)}",
            ComparisonOperator.LessThan => $"{ordered} < {parameters.Text(operand)}",
            ComparisonOperator.LessOrEqual => $"{ordered} <= {parameters.Text(operand)}",
            _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
        };
    }

    /// <summary>pr: neither absent nor empty. In collation "C" every other text follows the empty one.</summary>
    public static string IsPresent(string text) => $"{text} collate \"C\" > ''";

    /// <summary>The prefix as a search for lexemes: quoted, with a star.</summary>
    public static string PrefixQuery(string prefix)
    {
        var kept = string.Concat(prefix.EnumerateRunes().Take(LexemeLength).Select(rune => rune.ToString()));
        return "'" + kept.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "':*";
    }

    // As in scim_value_lexemes: the lexemes of the longest list fit into one tsvector.
    private const int LexemeLength = 64;

    internal static string StartsWith(string ordered, string prefix, SqlParameters parameters)
    {
        if (prefix.Length == 0) return $"{ordered} >= ''";
        var from = $"{ordered} >= {parameters.Text(prefix)}";
        return After(prefix) is { } end ? $"({from} and {ordered} < {parameters.Text(end)})" : from;
    }

    /// <summary>The least text that follows everything with the prefix, or null when nothing does.</summary>
    private static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0 && runes[^1].Value == 0x10FFFF) runes.RemoveAt(runes.Count - 1);
        if (runes.Count == 0) return null;
        runes[^1] = new Rune(runes[^1].Value == 0xD7FF ? 0xE000 : runes[^1].Value + 1);
        return string.Concat(runes.Select(rune => rune.ToString()));
    }

    private static string Length(string text) => text.EnumerateRunes().Count().ToString(CultureInfo.InvariantCulture);
}

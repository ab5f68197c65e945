using System.Globalization;
using System.Text;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// Writes a filter in the grammar of RFC 7644 §3.4.2.2, in the spelling of the schema: what <see cref="FilterParser.Parse"/> makes
/// of the text equals the filter it was written from.
/// </summary>
public static class FilterPrinter
{
    public static string Print(ScimFilter filter)
    {
        var text = new StringBuilder();
        Write(text, filter, inBrackets: false);
        return text.ToString();
    }

    private static void Write(StringBuilder text, ScimFilter filter, bool inBrackets)
    {
        switch (filter)
        {
            case LogicalOr or:
                Write(text, or.Left, inBrackets);
                text.Append(" or ");
                WriteGrouped(text, or.Right, inBrackets, or.Right is LogicalOr);
                break;
            case LogicalAnd and:
                WriteGrouped(text, and.Left, inBrackets, and.Left is LogicalOr);
                text.Append(" and ");
                WriteGrouped(text, and.Right, inBrackets, and.Right is LogicalOr or LogicalAnd);
                break;
            case Negation not:
                text.Append("not ");
                WriteGrouped(text, not.Inner, inBrackets, grouped: true);
                break;
            case ValuePath path:
                text.Append(path.Attribute).Append('[');
                Write(text, path.Filter, inBrackets: true);
                text.Append(']');
                break;
            case Presence presence:
                text.Append(Name(presence.Attribute, inBrackets)).Append(" pr");
                break;
            case Comparison comparison:
                text.Append(Name(comparison.Attribute, inBrackets)).Append(' ').Append(FilterTyping.Spelling(comparison.Operator)).Append(' ');
                WriteValue(text, comparison.Value);
                break;
        }
    }

    private static void WriteGrouped(StringBuilder text, ScimFilter filter, bool inBrackets, bool grouped)
    {
        if (grouped) text.Append('(');
        Write(text, filter, inBrackets);
        if (grouped) text.Append(')');
    }

    private static string Name(AttributeReference attribute, bool inBrackets) =>
        inBrackets ? attribute.SubAttribute?.Name ?? "value" : attribute.ToString();

    private static void WriteValue(StringBuilder text, ComparisonValue value)
    {
        switch (value)
        {
            case ComparisonValue.Text t: WriteString(text, t.Value); break;
            case ComparisonValue.Time t: WriteString(text, ScimDateTime.Format(t.Value)); break;
            case ComparisonValue.Number n: text.Append(n.Value.ToString(CultureInfo.InvariantCulture)); break;
            case ComparisonValue.Truth t: text.Append(t.Value ? "true" : "false"); break;
            case ComparisonValue.Null: text.Append("null"); break;
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        text.Append('"');
    }
}

using System.Text;

namespace Directory.Api.Audit;

/// <summary>
/// A record of a CSV file (RFC 4180) that no spreadsheet takes for a formula: a value that begins like one gets an apostrophe in
/// front, and the last column names the columns that did, so that it can be taken away again.
/// </summary>
public static class CsvLine
{
    /// <summary>The column at the end of each file.</summary>
    public const string EscapedColumn = "escapedColumns";

    // = + - @, their full-width forms, and white space that a spreadsheet skips before it looks.
    private const string Dangerous = "=+-@\t\r\n＝＋－＠";

    public static void Header(StringBuilder line, IEnumerable<string> names) => Write(line, names.Append(EscapedColumn));

    public static void Row<T>(StringBuilder line, IReadOnlyList<Column<T>> columns, T row)
    {
        var escaped = new List<string>();
        foreach (var column in columns)
        {
            var value = column.Value(row) ?? "";
            if (value.Length > 0 && Dangerous.Contains(value[0], StringComparison.Ordinal))
            {
                value = "'" + value;
                escaped.Add(column.Name);
            }

            Field(line, value);
            line.Append(',');
        }

        Field(line, string.Join(' ', escaped));
        line.Append("\r\n");
    }

    public static void Write(StringBuilder line, IEnumerable<string> values)
    {
        var first = true;
        foreach (var value in values)
        {
            if (!first) line.Append(',');
            Field(line, value);
            first = false;
        }

        line.Append("\r\n");
    }

    private static void Field(StringBuilder line, string value)
    {
        if (value.Contains('\0')) value = value.Replace('\0', '\uFFFD');
        if (value.AsSpan().IndexOfAny(",\"\r\n") < 0) line.Append(value);
        else line.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}

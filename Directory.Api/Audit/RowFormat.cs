using System.Globalization;
using System.Text.Json;
using Directory.Domain.Scim;

namespace Directory.Api.Audit;

/// <summary>A column of a CSV file.</summary>
public sealed record Column<T>(string Name, Func<T, string?> Value);

/// <summary>How a row of a list is written as JSON and as CSV.</summary>
/// <param name="WriteJson">Writes one JSON object.</param>
/// <param name="Columns">In the order of the file.</param>
/// <param name="Sequence">The row's place in the audit, null for rows that have none.</param>
public sealed record RowFormat<T>(Action<Utf8JsonWriter, T> WriteJson, IReadOnlyList<Column<T>> Columns, Func<T, long?> Sequence)
{
    /// <summary>For rows that are written as their properties.</summary>
    public static RowFormat<T> OfProperties(params Column<T>[] columns) =>
        new((json, row) => JsonSerializer.Serialize(json, row, ReplayJson.Options), columns, _ => null);
}

/// <summary>Values of columns.</summary>
public static class Cell
{
    public static string? Of(DateTimeOffset? time) => time is { } t ? ScimDateTime.Format(t) : null;
    public static string? Of(long? number) => number?.ToString(CultureInfo.InvariantCulture);
    public static string? Of(double? number) => number?.ToString("0.###", CultureInfo.InvariantCulture);
    public static string Of(bool value) => value ? "true" : "false";
}

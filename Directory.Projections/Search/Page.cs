using System.Globalization;
using Directory.Domain.Scim;

namespace Directory.Projections.Search;

/// <summary>Which part of a list is asked for (RFC 7644 §3.4.2.4).</summary>
/// <param name="StartIndex">From 1.</param>
/// <param name="Count">Resources at most; 0 asks for the total only.</param>
public sealed record Page(long StartIndex, int Count)
{
    /// <summary>Resources in one answer at most, and as many when the client names no count.</summary>
    public const int MaximumCount = 200, DefaultCount = 100;

    /// <summary>What is too small counts as the smallest, and a count beyond the maximum as the maximum, as the RFC has it.</summary>
    /// <exception cref="ScimException">invalidValue: not a whole number.</exception>
    public static Page Parse(string? startIndex, string? count) => new(
        Math.Max(1, Number("startIndex", startIndex) ?? 1),
        (int)Math.Clamp(Number("count", count) ?? DefaultCount, 0, MaximumCount));

    /// <summary>The count of a request with a cursor, which must be above 0 (RFC 9865 §2).</summary>
    /// <exception cref="ScimException">invalidCount.</exception>
    public static int ParseCursorCount(string? count)
    {
        if (string.IsNullOrEmpty(count)) return DefaultCount;
        if (!long.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < 1)
            throw new ScimException(ScimError.InvalidCount);
        return (int)Math.Min(number, MaximumCount);
    }

    private static long? Number(string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        throw new ScimException(ScimError.InvalidValue($"The parameter '{name}' must be a whole number."));
    }
}

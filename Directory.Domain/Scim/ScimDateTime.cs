using System.Globalization;
using System.Text.RegularExpressions;

namespace Directory.Domain.Scim;

/// <summary>
/// The dateTime of RFC 7643 §2.3.5: an xsd:dateTime such as <c>2008-01-23T04:56:22Z</c>. Instants are compared in whole
/// microseconds, the precision of PostgreSQL; finer digits are cut off on every side of a comparison.
/// </summary>
public static partial class ScimDateTime
{
    /// <summary>Reads an xsd:dateTime, in UTC where it names no offset. False for anything else, a date without a time included.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length > 64 || !Shape().IsMatch(text)) return false;
        // .NET reads at most seven digits of a second; what is beyond a microsecond is cut off anyway.
        var readable = LongFraction().Replace(text, "$1");
        if (!DateTimeOffset.TryParse(readable, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        instant = Truncate(parsed);
        return true;
    }

    /// <summary>The fixed-width UTC form, <c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c>, whose order as text is the order in time.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The instant in UTC, cut to whole microseconds.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(\.[0-9]{7})[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex LongFraction();
}

using System.Globalization;
using Directory.Api.Audit;

namespace Directory.Api.Pages;

/// <summary>An instant as <c>input type="datetime-local"</c> takes it, in UTC.</summary>
public static class FormTime
{
    public static string Of(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <returns>Null where there is no time that could be shown.</returns>
    public static string? Of(string? text) => text is not null && InstantText.TryParse(text, out var instant) ? Of(instant) : null;
}

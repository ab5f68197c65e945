using System.Globalization;
using Directory.Domain.Scim;

namespace Directory.Api.Pages.Administration;

/// <summary>A number out of a form.</summary>
public static class FormNumber
{
    /// <returns>Null for an empty field.</returns>
    /// <exception cref="ScimException">400: it is no whole number.</exception>
    public static int? Of(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ScimException(ScimError.InvalidValue("A number must be a whole number of moderate size."));
}

using Directory.Domain.Scim;

namespace Directory.Api.Audit;

/// <summary>
/// Reads an instant as people and forms write it: RFC 3339, UTC where there is no offset; seconds may be left out, and so may the time
/// of a day that begins then.
/// </summary>
public static class InstantText
{
    private const int Day = 10, Minute = 16; // 2026-11-23 and 2026-11-23T14:30

    public const string Example = "2026-11-23T14:30:00Z";

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        // A plus sign that was not escaped arrives as a space.
        text = text.Trim().Replace(' ', '+');
        return ScimDateTime.TryParse(text.Length switch { Day => text + "T00:00:00", Minute => text + ":00", _ => text }, out instant);
    }
}

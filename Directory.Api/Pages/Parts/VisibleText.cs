using System.Globalization;
using System.Text;

namespace Directory.Api.Pages.Parts;

/// <summary>
/// Text from outside as a reader must see it: what would be invisible or turn the direction around (control and format characters) is
/// written as its code point, such as <c>⟨U+202E⟩</c>.
/// </summary>
public static class VisibleText
{
    /// <param name="text">Any text.</param>
    /// <param name="lines">Whether line ends and tabs stay.</param>
    public static string Of(string text, bool lines = false)
    {
        if (!text.EnumerateRunes().Any(r => IsHidden(r, lines))) return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune, lines)) visible.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
            else visible.Append(rune.ToString());
        }

        return visible.ToString();
    }

    private static bool IsHidden(Rune rune, bool lines) => !(lines && rune.Value is '\n' or '\r' or '\t')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

using System.Globalization;
using System.Text;

namespace Directory.Domain.Scim;

/// <summary>Rules of what a string may consist of.</summary>
public static class ScimText
{
    /// <summary>
    /// Whether the text can be stored and sent as UTF-8: no lone surrogate and no NUL, which PostgreSQL cannot hold.
    /// </summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }

    /// <summary>
    /// Whether a name tells a reader which resource is meant: it contains nothing that is not seen (control, bidirectional and
    /// zero-width characters, line separators, fillers) and has no white space at its ends. Two names that look alike would
    /// otherwise pass a check for uniqueness.
    /// </summary>
    public static bool IsIdentifying(string text)
    {
        if (text.Length == 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) return false;
        foreach (var rune in text.EnumerateRunes())
            if (IsInvisible(rune))
                return false;
        return true;
    }

    // Cf holds the bidirectional controls, the zero-width characters and the tags. The rest are letters and marks without a glyph:
    // the combining grapheme joiner and the Hangul fillers.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0;
}

using System.Text;

namespace Directory.Domain.Scim;

/// <summary>A character that must not stand in a name: its index in UTF-16 units, its code point, and what it is.</summary>
public sealed record ForbiddenCharacter(int Index, int CodePoint, string Kind)
{
    /// <summary>For the detail of an error: <c>the bidirectional control U+202E at position 4</c>.</summary>
    public override string ToString() => $"the {Kind} U+{CodePoint:X4} at position {Index + 1}";
}

/// <summary>
/// What a name may be made of. Characters that are not seen, or that change how their neighbours are shown, make two names that
/// look alike differ, or one name look like another; they are refused in userName and displayName. The rule takes whole ranges so
/// that it does not depend on the Unicode version of the runtime.
/// </summary>
public static class ScimText
{
    private static readonly (int First, int Last, string Kind)[] Forbidden =
    [
        (0x0000, 0x001F, "control character"),
        (0x007F, 0x009F, "control character"),
        (0x00AD, 0x00AD, "invisible character"), // soft hyphen
        (0x034F, 0x034F, "invisible character"), // combining grapheme joiner
        (0x061C, 0x061C, "bidirectional control"),
        (0x115F, 0x1160, "invisible character"), // Hangul fillers
        (0x17B4, 0x17B5, "invisible character"), // Khmer inherent vowels
        (0x180B, 0x180F, "zero-width character"), // Mongolian variation selectors and vowel separator
        (0x200B, 0x200D, "zero-width character"),
        (0x200E, 0x200F, "bidirectional control"),
        (0x2028, 0x2029, "line separator"),
        (0x202A, 0x202E, "bidirectional control"),
        (0x2060, 0x2064, "zero-width character"),
        (0x2065, 0x206F, "bidirectional control"), // isolates and the deprecated format controls
        (0x3164, 0x3164, "invisible character"), // Hangul filler
        (0xD800, 0xDFFF, "lone surrogate"),
        (0xFE00, 0xFE0F, "zero-width character"), // variation selectors
        (0xFEFF, 0xFEFF, "zero-width character"), // byte order mark
        (0xFFA0, 0xFFA0, "invisible character"), // halfwidth Hangul filler
        (0xFFF0, 0xFFFB, "control character"), // interlinear annotation
        (0xFFFE, 0xFFFF, "noncharacter"),
        (0x1BCA0, 0x1BCA3, "invisible character"), // shorthand format controls
        (0x1D173, 0x1D17A, "invisible character"), // musical format controls
        (0xE0000, 0xE0FFF, "invisible character"), // tags and variation selectors
    ];

    /// <summary>The first character that a name must not contain, or null.</summary>
    public static ForbiddenCharacter? FindForbidden(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            var wellFormed = Rune.TryGetRuneAt(text, index, out var rune);
            var codePoint = wellFormed ? rune.Value : text[index];
            foreach (var (first, last, kind) in Forbidden)
                if (codePoint >= first && codePoint <= last)
                    return new ForbiddenCharacter(index, codePoint, kind);
            index += wellFormed ? rune.Utf16SequenceLength : 1;
        }
        return null;
    }

    /// <summary>Whether the text begins or ends with white space of any kind: two such names cannot be told apart by eye.</summary>
    public static bool HasOuterWhiteSpace(string text) =>
        text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]));

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

    /// <summary>Whether a name tells a reader which resource is meant: nothing in it is unseen, and its ends are seen.</summary>
    public static bool IsIdentifying(string text) => text.Length > 0 && !HasOuterWhiteSpace(text) && FindForbidden(text) is null;
}

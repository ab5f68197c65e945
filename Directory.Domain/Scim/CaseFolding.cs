using System.Collections.Frozen;
using System.Text;

namespace Directory.Domain.Scim;

/// <summary>
/// The equality of every attribute with <c>caseExact</c> false (RFC 7643 §2.2), and the key under which userName and displayName
/// are unique: compatibility normalisation (NFKC), full case folding (Unicode Standard §3.13, rule R4), NFKC again. It asks no
/// culture, so a process under a Turkish locale computes the same keys.
/// </summary>
public static class CaseFolding
{
    private const char CombiningDotAbove = '\u0307';
    private const string Iota = "\u03B9";

    // What lower-casing a character by itself does not give. Characters that NFKC composes again after folding (ǰ, ẖ, ΐ ...)
    // need no entry; Cherokee, which folds to upper case, is folded to lower case here, which distinguishes the same strings.
    private static readonly FrozenDictionary<int, string> Exceptions = Table().ToFrozenDictionary();

    static CaseFolding()
    {
        // In globalization-invariant mode .NET leaves text as it is; keys computed so would let two users share a name.
        if (!string.Equals("\uFB01".Normalize(NormalizationForm.FormKC), "fi", StringComparison.Ordinal))
            throw new PlatformNotSupportedException("Unicode normalisation does nothing: install ICU and leave invariant globalization off.");
    }

    /// <summary>The folded text. Idempotent and total: what is not well-formed UTF-16 becomes U+FFFD.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var folded = Compose(FoldEach(Compose(WellFormed(text))));
        // A soft-dotted i under a dot above looks like a plain i. Full folding makes İ exactly that, so the dot is dropped:
        // İ, I and i are one letter in a name, whatever the locale of the one who typed it.
        return folded.Contains(CombiningDotAbove) ? Compose(WithoutDots(folded)) : folded;
    }

    /// <summary>Whether two texts are the same where case is not significant.</summary>
    public static bool Equal(string left, string right) => string.Equals(Fold(left), Fold(right), StringComparison.Ordinal);

    private static string Compose(string text) => text.Normalize(NormalizationForm.FormKC);

    private static string FoldEach(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Exceptions.TryGetValue(rune.Value, out var expansion)) folded.Append(expansion);
            else folded.Append(Rune.ToLowerInvariant(rune).ToString());
        return folded.ToString();
    }

    private static string WellFormed(string text)
    {
        var clean = new StringBuilder(text.Length);
        // EnumerateRunes replaces lone surrogates; the noncharacter U+FFFE is what Normalize refuses besides.
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == 0xFFFE ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }

    private static string WithoutDots(string text)
    {
        var kept = new StringBuilder(text.Length);
        var onDottedLetter = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.NonSpacingMark)
                onDottedLetter = rune.Value is 'i' or 'j';
            else if (onDottedLetter && rune.Value == CombiningDotAbove)
                continue;
            kept.Append(rune.ToString());
        }
        return kept.ToString();
    }

    private static Dictionary<int, string> Table()
    {
        var table = new Dictionary<int, string>
        {
            [0x00DF] = "ss",
            [0x1E9E] = "ss", // ß, ẞ
            [0x0130] = "i", // İ
            [0x03C2] = "\u03C3", // final sigma
            [0x0345] = Iota, // combining iota subscript
            [0x1C80] = "\u0432",
            [0x1C81] = "\u0434",
            [0x1C82] = "\u043E",
            [0x1C83] = "\u0441",
            [0x1C84] = "\u0442", // Cyrillic
            [0x1C85] = "\u0442",
            [0x1C86] = "\u044A",
            [0x1C87] = "\u0463",
            [0x1C88] = "\uA64B", // letter variants
            [0x1FB2] = "\u1F70" + Iota,
            [0x1FB3] = "\u03B1" + Iota,
            [0x1FB4] = "\u03AC" + Iota, // alpha with iota subscript
            [0x1FB7] = "\u03B1\u0342" + Iota,
            [0x1FBC] = "\u03B1" + Iota,
            [0x1FC2] = "\u1F74" + Iota,
            [0x1FC3] = "\u03B7" + Iota,
            [0x1FC4] = "\u03AE" + Iota, // eta
            [0x1FC7] = "\u03B7\u0342" + Iota,
            [0x1FCC] = "\u03B7" + Iota,
            [0x1FF2] = "\u1F7C" + Iota,
            [0x1FF3] = "\u03C9" + Iota,
            [0x1FF4] = "\u03CE" + Iota, // omega
            [0x1FF7] = "\u03C9\u0342" + Iota,
            [0x1FFC] = "\u03C9" + Iota,
        };
        // ᾀ...ᾯ: the letter with its breathing and accent, small, then iota; the capitals of each block fold like its small letters.
        for (var offset = 0; offset < 8; offset++)
            foreach (var (from, to) in new[] { (0x1F80, 0x1F00), (0x1F90, 0x1F20), (0x1FA0, 0x1F60) })
                table[from + offset] = table[from + 8 + offset] = (char)(to + offset) + Iota;
        return table;
    }
}

using System.Globalization;
using System.Text;
using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class CaseFoldingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Alice@X.com", "alice@x.COM")]
    [InlineData("straße", "STRASSE")]
    [InlineData("ẞ", "ß")]
    [InlineData("\uFB01le", "FILE")]
    [InlineData("ＡＢＣ", "abc")]
    [InlineData("\u212Aelvin", "kelvin")] // Kelvin sign
    [InlineData("é", "E\u0301")]
    [InlineData("Σίσυφος", "ΣΊΣΥΦΟΣ")]
    [InlineData("ᾈ", "ἀι")]
    [InlineData("ῼ", "ωΙ")]
    [InlineData("\u0345", "ι")]
    [InlineData("İ", "i")]
    [InlineData("İ", "I\u0307")]
    [InlineData("I\u0327\u0307", "i\u0327")]
    [InlineData("ŉ", "ʼN")]
    [InlineData("ǰ", "J\u030C")]
    [InlineData("Ꭰ", "ꭰ")]
    [InlineData("\U00010400", "\U00010428")]
    [InlineData("ﬅ", "ST")]
    public void Texts_that_differ_in_case_or_form_only_are_equal(string left, string right)
    {
        CaseFolding.Equal(left, right).ShouldBeTrue();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            CaseFolding.Fold(left).ShouldBe(CaseFolding.Fold(right));
            CaseFolding.Fold("TITLE").ShouldBe("title");
        }
        finally { CultureInfo.CurrentCulture = culture; }
    }

    [Theory]
    [InlineData("ı", "i")] // dotless i is a letter of its own outside Turkish
    [InlineData("а", "a")] // Cyrillic a
    [InlineData("é", "e")]
    [InlineData("a ", "a")]
    public void Texts_that_differ_otherwise_are_not(string left, string right) => CaseFolding.Equal(left, right).ShouldBeFalse();

    [Fact]
    public void Every_character_folds_like_its_upper_and_lower_case_and_folding_again_changes_nothing()
    {
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (!Rune.TryCreate(codePoint, out var rune)) continue;
            var folded = CaseFolding.Fold(rune.ToString());
            CaseFolding.Fold(folded).ShouldBe(folded, $"U+{codePoint:X}");
            // Upper-casing alone makes I of the dotless i.
            if (codePoint == 0x131) continue;
            CaseFolding.Fold(Rune.ToUpperInvariant(rune).ToString()).ShouldBe(folded, $"U+{codePoint:X}");
            CaseFolding.Fold(Rune.ToLowerInvariant(rune).ToString()).ShouldBe(folded, $"U+{codePoint:X}");
        }
    }

    [Fact]
    public void Folding_is_idempotent_and_total()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int[] marks = [0x300, 0x301, 0x307, 0x327, 0x345, 0x3B9, 0x49, 0x69, 0x6A, 0x130, 0xDF, 0xD800, 0xDC00, 0xFFFE];
        for (var i = 0; i < 50_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 6); length > 0; length--)
                text.Append((char)(random.Next(2) == 0 ? marks[random.Next(marks.Length)] : random.Next(0x10000)));
            var folded = CaseFolding.Fold(text.ToString());
            CaseFolding.Fold(folded).ShouldBe(folded, $"seed {seed}, text {i}");
        }
    }
}

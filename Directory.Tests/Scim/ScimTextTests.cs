using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class ScimTextTests
{
    [Theory]
    [InlineData("a\u0000b", 1, "control")]
    [InlineData("line\r\n", 4, "control")]
    [InlineData("tab\t", 3, "control")]
    [InlineData("\u0085", 0, "control")]
    [InlineData("abc\u202Egnp", 3, "bidirectional")]
    [InlineData("\u200Fx", 0, "bidirectional")]
    [InlineData("\u2066x", 0, "bidirectional")]
    [InlineData("a\u200Bb", 1, "zero-width")]
    [InlineData("a\u200Db", 1, "zero-width")]
    [InlineData("\uFEFFa", 0, "zero-width")]
    [InlineData("a\u00ADb", 1, "invisible")]
    [InlineData("\u3164", 0, "invisible")]
    [InlineData("a\U000E0041", 1, "invisible")]
    [InlineData("a\u2028", 1, "line separator")]
    public void A_character_that_is_not_seen_is_found(string text, int index, string kind)
    {
        var found = ScimText.FindForbidden(text).ShouldNotBeNull();
        found.Index.ShouldBe(index);
        found.Kind.ShouldContain(kind);
        found.ToString().ShouldContain($"position {index + 1}");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_found() => ScimText.FindForbidden("a" + (char)0xD83D).ShouldNotBeNull().Kind.ShouldBe("lone surrogate");

    [Theory]
    [InlineData("")]
    [InlineData("bjensen@example.com")]
    [InlineData("Frau Müller-Lüdenscheidt")]
    [InlineData("علي")]
    [InlineData("王小明")]
    [InlineData("😀 ok")]
    public void An_ordinary_name_is_let_through(string text) => ScimText.FindForbidden(text).ShouldBeNull();

    [Theory]
    [InlineData(" a", true)]
    [InlineData("a\u00A0", true)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    public void Outer_white_space_is_seen(string text, bool seen) => ScimText.HasOuterWhiteSpace(text).ShouldBe(seen);
}

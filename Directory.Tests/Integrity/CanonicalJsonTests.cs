using System.Text;
using Directory.Domain.Integrity;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("{ \"b\": 1, \"a\": 2 }", "{\"a\":2,\"b\":1}")]
    [InlineData("{}", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData("[1, null, true, false, \"x\"]", "[1,null,true,false,\"x\"]")]
    [InlineData("{\"a\":{\"d\":[],\"c\":{}}}", "{\"a\":{\"c\":{},\"d\":[]}}")]
    [InlineData("1.50", "1.50")]
    [InlineData("123456789012345678901234567890.1", "123456789012345678901234567890.1")]
    [InlineData("\"\\u00e9\\u0041\"", "\"éA\"")]
    [InlineData("\"<script> & 'x' / + \u007f\"", "\"<script> & 'x' / + \u007f\"")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    public void a_text_has_one_canonical_form(string json, string canonical) =>
        Encoding.UTF8.GetString(CanonicalJson.Of(json)).ShouldBe(canonical);

    // U+FF01 comes before U+1F600, although its UTF-16 is greater than the surrogates of the other.
    [Fact]
    public void names_are_ordered_by_code_point() =>
        Encoding.UTF8.GetString(CanonicalJson.Of("{\"😀\":1,\"！\":2,\"z\":3,\"Z\":4,\"\":5}")).ShouldBe("{\"\":5,\"Z\":4,\"z\":3,\"！\":2,\"😀\":1}");

    [Fact]
    public void the_canonical_form_of_a_canonical_form_is_itself()
    {
        var once = CanonicalJson.Of("{\"b\":[1.0,{\"y\":\"\\n\",\"x\":null}],\"a\":\"ü\"}");

        CanonicalJson.Of(Encoding.UTF8.GetString(once)).ShouldBe(once);
    }
}

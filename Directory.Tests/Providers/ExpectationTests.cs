using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Providers;

public sealed class ExpectationTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", null)]
    [InlineData("""{"a":1}""", """{"a":2}""", "$.a should be 1 and is 2")]
    [InlineData("""{"a":1}""", """{}""", "$.a should be 1 and is not there")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "$.a should be \"1\" and is 1")]
    [InlineData("""{"a":null}""", """{}""", null)]
    [InlineData("""{"a":null}""", """{"a":""}""", "$.a should not be there and is \"\"")]
    [InlineData("""{"$exact":true,"a":1}""", """{"a":1,"b":2}""", "$.b is not expected and is 2")]
    [InlineData("""{"$exact":true,"a":[{"b":1}]}""", """{"a":[{"b":1,"c":2}]}""", "$.a[0].c is not expected and is 2")]
    [InlineData("""[1,2]""", """[1]""", "$ should have 2 elements and has 1: [1]")]
    [InlineData("""[1,2]""", """[2,1]""", "$[0] should be 1 and is 2")]
    [InlineData("""["{{x}}","{{x}}"]""", """["1","1"]""", null)]
    [InlineData("""["{{x}}","{{x}}"]""", """["1","2"]""", "$[1] should be \"{{x}}\" and is \"2\"")]
    [InlineData("""["{{x}}","a{{x}}"]""", """["1","a1"]""", null)]
    [InlineData("""["{{*}}"]""", """["1"]""", null)]
    [InlineData("""["{{*}}"]""", """[null]""", "$[0] should be \"{{*}}\" and is not there")]
    public void an_expectation_names_the_first_difference(string expected, string actual, string? difference) =>
        new Expectation(new Placeholders()).Difference(JsonNode.Parse(expected), JsonNode.Parse(actual)).ShouldBe(difference);
}

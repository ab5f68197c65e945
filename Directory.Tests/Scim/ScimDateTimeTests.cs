using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class ScimDateTimeTests
{
    [Theory]
    [InlineData("2008-01-23T04:56:22Z", "2008-01-23T04:56:22.000000Z")]
    [InlineData("2008-01-23T04:56:22", "2008-01-23T04:56:22.000000Z")]
    [InlineData("2008-01-23T04:56:22+14:00", "2008-01-22T14:56:22.000000Z")]
    [InlineData("2008-01-23T04:56:22.9999999Z", "2008-01-23T04:56:22.999999Z")]
    [InlineData("2008-01-23T04:56:22.12345678901234567890Z", "2008-01-23T04:56:22.123456Z")]
    [InlineData("9999-12-31T23:59:59.99999999999Z", "9999-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z")]
    public void A_dateTime_is_read_as_an_instant_in_microseconds(string text, string instant)
    {
        ScimDateTime.TryParse(text, out var parsed).ShouldBeTrue();
        ScimDateTime.Format(parsed).ShouldBe(instant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2008-01-23")]
    [InlineData("04:56:22Z")]
    [InlineData("2008-01-23 04:56:22Z")]
    [InlineData("2008-1-23T04:56:22Z")]
    [InlineData("2008-02-30T04:56:22Z")]
    [InlineData("2008-01-23T24:56:22Z")]
    [InlineData("2008-01-23T04:56:22+99:99")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("2008-01-23T04:56:22Z\n")]
    [InlineData("Wed, 23 Jan 2008 04:56:22 GMT")]
    [InlineData("1201064182.5")]
    [InlineData("২০০৮-01-23T04:56:22Z")]
    public void Anything_else_is_not_a_dateTime(string text) => ScimDateTime.TryParse(text, out _).ShouldBeFalse();
}

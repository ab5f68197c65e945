using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Filtering;

public sealed class FilterPrinterTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Printed => new()
    {
        { "USERNAME EQ \"bjensen\"", "userName eq \"bjensen\"" },
        { "title pr and (userType eq \"a\" or userType eq \"b\")", "title pr and (userType eq \"a\" or userType eq \"b\")" },
        { "a pr".Replace("a", "title", StringComparison.Ordinal) + " or nickName pr and locale pr", "title pr or nickName pr and locale pr" },
        { "(title pr and nickName pr) and locale pr", "title pr and nickName pr and locale pr" },
        { "title pr and (nickName pr and locale pr)", "title pr and (nickName pr and locale pr)" },
        { "not(title pr)", "not (title pr)" },
        { "emails[TYPE eq \"work\"].value ew \"x\"", "emails[type eq \"work\" and value ew \"x\"]" },
        { "emails[type eq \"work\"].value ne \"x\"", "not (emails[type eq \"work\" and value eq \"x\"])" },
        { "emails co \"x\"", "emails.value co \"x\"" },
        { "title eq \"\\u0009\\\"\\\\\\/\\ud83d\\ude00\"", "title eq \"\\u0009\\\"\\\\/😀\"" },
        { "meta.created gt \"2011-05-13T06:42:34+02:00\"", "meta.created gt \"2011-05-13T04:42:34.000000Z\"" },
        { "active eq \"True\"", "active eq true" },
    };

    [Theory, MemberData(nameof(Printed))]
    public void A_filter_is_printed_in_the_spelling_of_the_schema(string text, string printed) =>
        FilterPrinter.Print(FilterParser.Parse(text, ResourceTypes.User)).ShouldBe(printed);

    [Fact]
    public void Parsing_what_was_printed_gives_the_filter_back()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        foreach (var type in new[] { BadgeExtension.User, ResourceTypes.Group })
        {
            var filters = new RandomFilters(new Random(seed), type);
            for (var i = 0; i < 5000; i++)
            {
                var filter = filters.Next();
                var text = FilterPrinter.Print(filter);
                FilterParser.Parse(text, type).ShouldBe(filter, $"seed {seed}: {text}");
            }
        }
    }
}

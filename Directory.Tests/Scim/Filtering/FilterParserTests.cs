using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Filtering;

public sealed class FilterParserTests
{
    private const string Enterprise = ScimUrns.EnterpriseUser;

    public static TheoryData<string, string> Accepted => new()
    {
        // RFC 7644 §3.4.2.2, figure 2
        { "userName eq \"bjensen\"", "userName eq \"bjensen\"" },
        { "name.familyName co \"O'Malley\"", "name.familyName co \"O'Malley\"" },
        { "userName sw \"J\"", "userName sw \"J\"" },
        { "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", "userName sw \"J\"" },
        { "title pr", "title pr" },
        { "meta.lastModified gt \"2011-05-13T04:42:34Z\"", "meta.lastModified gt \"2011-05-13T04:42:34.000000Z\"" },
        { "meta.lastModified ge \"2011-05-13T04:42:34Z\"", "meta.lastModified ge \"2011-05-13T04:42:34.000000Z\"" },
        { "meta.lastModified lt \"2011-05-13T04:42:34Z\"", "meta.lastModified lt \"2011-05-13T04:42:34.000000Z\"" },
        { "meta.lastModified le \"2011-05-13T04:42:34Z\"", "meta.lastModified le \"2011-05-13T04:42:34.000000Z\"" },
        { "title pr and userType eq \"Employee\"", "title pr and userType eq \"Employee\"" },
        { "title pr or userType eq \"Intern\"", "title pr or userType eq \"Intern\"" },
        { "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"", $"schemas eq \"{Enterprise}\"" },
        { "userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")",
          "userType eq \"Employee\" and (emails.value co \"example.com\" or emails.value co \"example.org\")" },
        { "userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")",
          "userType ne \"Employee\" and not (emails.value co \"example.com\" or emails.value co \"example.org\")" },
        { "userType eq \"Employee\" and (emails.type eq \"work\")", "userType eq \"Employee\" and emails.type eq \"work\"" },
        { "userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]",
          "userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]" },
        { "emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]",
          "emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]" },
        // Case, white space, precedence
        { "  USERNAME\tEq   \"x\"  ", "userName eq \"x\"" },
        { "userName eq\"x\"and(title pr)OR NOT(nickName pr)", "userName eq \"x\" and title pr or not (nickName pr)" },
        { "not (title pr) and nickName pr", "not (title pr) and nickName pr" },
        { "emails[ type eq \"work\" and not ( primary eq true ) ]", "emails[type eq \"work\" and not (primary eq true)]" },
        // Extensions
        { $"{Enterprise}:department eq \"x\"", $"{Enterprise}:department eq \"x\"" },
        { $"{Enterprise.ToUpperInvariant()}:MANAGER.VALUE eq \"x\"", $"{Enterprise}:manager.value eq \"x\"" },
        { $"{Enterprise}:manager eq \"x\"", $"{Enterprise}:manager.value eq \"x\"" },
        { $"{Enterprise}.department eq \"x\"", $"{Enterprise}:department eq \"x\"" },
        { $"{BadgeExtension.Urn}:visits[count gt 3].late eq false", $"{BadgeExtension.Urn}:visits[count gt 3 and late eq false]" },
        { $"{BadgeExtension.Urn}:tags[value sw \"a\" or value eq \"b\"]", $"{BadgeExtension.Urn}:tags[value sw \"a\" or value eq \"b\"]" },
        { $"{BadgeExtension.Urn}:weight ge -1.5e2", $"{BadgeExtension.Urn}:weight ge -150" },
        // Values
        { "active eq TRUE", "active eq true" },
        { "active ne \"FALSE\"", "active ne false" },
        { "title eq null", "title eq null" },
        { "name ne null", "name ne null" },
        { "emails eq null", "emails eq null" },
        { "emails.$ref eq \"x\"".Replace("emails", "groups", StringComparison.Ordinal), "groups.$ref eq \"x\"" },
        { "emails[type eq \"work\"].value pr", "emails[type eq \"work\" and value pr]" },
        { "emails[type eq \"work\"].value eq null", "not (emails[type eq \"work\" and value pr])" },
        { "emails[type eq \"work\"].value ne null", "emails[type eq \"work\" and value pr]" },
        { "name[givenName eq \"x\"]", "name[givenName eq \"x\"]" },
        { "meta.created gt \"2011-05-13T04:42:34.1234567891+05:45\"", "meta.created gt \"2011-05-12T22:57:34.123456Z\"" },
        { "userName eq \"' OR '1'='1\"", "userName eq \"' OR '1'='1\"" },
        { "userName eq \"\\\"; DROP TABLE scim_user; --\"", "userName eq \"\\\"; DROP TABLE scim_user; --\"" },
    };

    [Theory, MemberData(nameof(Accepted))]
    public void A_filter_is_read(string text, string meaning) =>
        FilterPrinter.Print(FilterParser.Parse(text, BadgeExtension.User)).ShouldBe(meaning);

    public static TheoryData<string, int, string> Refused => new()
    {
        { "", 1, "empty" },
        { "   ", 4, "empty" },
        { "userName", 9, "operator" },
        { "userName ", 10, "operator" },
        { "userName eq", 12, "value" },
        { "userName eq ", 13, "value" },
        { "userName like \"x\"", 10, "'like' is not an operator" },
        { "userName = \"x\"", 10, "'='" },
        { "userName eq bjensen", 13, "quotation marks" },
        { "userName eq 'bjensen'", 13, "'''" },
        { "userName eq \"x", 13, "closing quotation mark" },
        { "userName eq \"x\\\"", 13, "closing quotation mark" },
        { "userName eq \"\\q\"", 14, "escape" },
        { "userName eq \"\\u12g4\"", 14, "hexadecimal" },
        { "userName eq \"\\u12", 14, "hexadecimal" },
        { "userName eq \"\\ud83d\"", 13, "surrogate" },
        { "userName eq \"\\u0000\"", 14, "U+0000" },
        { "userName eq 5", 13, "number" },
        { "userName eq true", 13, "boolean" },
        { "userName gt null", 13, "null" },
        { "nothing eq \"x\"", 1, "no attribute 'nothing'" },
        { "department eq \"x\"", 1, "no attribute 'department'" },
        { "urn:x:department eq \"x\"", 1, "no attribute" },
        { "emails.nothing eq \"x\"", 1, "no attribute" },
        { "name..givenName eq \"x\"", 1, "no attribute" },
        { "name.givenName.x eq \"x\"", 1, "no attribute" },
        { "emails[nothing eq \"x\"]", 8, "sub-attribute 'nothing'" },
        { "emails[emails.type eq \"x\"]", 8, "sub-attribute" },
        { "active co true", 8, "'co' cannot be applied to 'active'" },
        { "active gt true", 8, "'gt'" },
        { "active eq \"yes\"", 11, "boolean" },
        { "x509Certificates.value gt \"x\"", 24, "binary" },
        { "meta.created co \"2011\"", 14, "'co'" },
        { "meta.created gt \"2011-05-13\"", 17, "date and time" },
        { "meta.created gt \"2011-13-13T04:42:34Z\"", 17, "date and time" },
        { "meta.created gt \"2011-05-13T04:42:34Z\\n\"", 17, "date and time" },
        { "meta.created gt 2011-05-13T04:42:34Z", 17, "not a number" },
        { BadgeExtension.Urn + ":level sw 1", 64, "'sw'" },
        { BadgeExtension.Urn + ":level eq \"1\"", 67, "string" },
        { BadgeExtension.Urn + ":level eq 1e400", 67, "number" },
        { BadgeExtension.Urn + ":level eq 1-2", 67, "number" },
        { "name eq \"x\"", 6, "givenName" },
        { "addresses eq \"x\"", 11, "streetAddress" },
        { "password sw \"a\"", 1, "cannot be filtered" },
        { "password pr", 1, "cannot be filtered" },
        { BadgeExtension.Urn + ":pin eq \"1\"", 1, "cannot be filtered" },
        { BadgeExtension.Urn + ":visits.secret eq \"1\"", 1, "cannot be filtered" },
        { BadgeExtension.Urn + ":visits[secret eq \"1\"]", 65, "cannot be filtered" },
        { "title pr and", 13, "attribute" },
        { "title pr title pr", 10, "'and', 'or'" },
        { "title pr xor title pr", 10, "'and', 'or'" },
        { "and title pr", 1, "no attribute 'and'" },
        { "(title pr", 1, "never closed" },
        { "(title pr]", 10, "')'" },
        { "title pr)", 9, "'and', 'or'" },
        { "()", 2, "attribute" },
        { "not title pr", 1, "parentheses" },
        { "not not (title pr)", 1, "parentheses" },
        { "emails[]", 8, "attribute" },
        { "emails[type eq \"work\"", 22, "']'" },
        { "emails[type eq \"work\" or emails[primary eq true]]", 32, "within brackets" },
        { "emails.type[value eq \"x\"]", 12, "elements" },
        { "title[value eq \"x\"]", 6, "elements" },
        { "emails[type eq \"work\"].nothing eq \"x\"", 24, "sub-attribute" },
        { "emails[type eq \"work\"].value", 29, "operator" },
        { "name'));-- eq \"x\"", 5, "operator" },
        { "emails->>'x' eq \"x\"", 1, "no attribute" },
        { "meta.lastModified::text eq \"x\"", 1, "no attribute" },
        { "members[value eq \"x\"]", 1, "no attribute 'members'" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void A_filter_that_makes_no_sense_is_refused_with_its_place(string text, int position, string reason)
    {
        var error = Should.Throw<ScimException>(() => FilterParser.Parse(text, BadgeExtension.User)).Error;
        (error.Status, error.ScimType).ShouldBe((400, "invalidFilter"));
        if (text.Length > 0) error.Detail.ShouldContain($"position {position}:");
        error.Detail.ShouldContain(reason);
    }

    public static TheoryData<string> Hostile => new()
    {
        new string('(', 8000),
        new string('(', 4000) + "title pr" + new string(')', 4000),
        string.Concat(Enumerable.Repeat("not ", 2000)) + "(title pr)",
        string.Concat(Enumerable.Repeat("not(", 2000)) + "title pr",
        string.Concat(Enumerable.Repeat("(", 10_000)),
        string.Concat(Enumerable.Repeat("not ", 10_000)),
        "userName eq \"" + new string('x', 100_000) + "\"",
        string.Join(" or ", Enumerable.Repeat("title pr", 5000)),
        string.Join(" or ", Enumerable.Repeat("title pr", 65)),
        "emails[" + string.Join(" or ", Enumerable.Repeat("type pr", 65)) + "]",
        string.Concat(Enumerable.Repeat("emails[", 1000)),
        "userName eq " + new string('9', 8000),
        new string('a', 8000) + " pr",
        new string(':', 8000) + " pr",
        new string('"', 8000),
        "userName eq \"" + new string('\\', 8000),
        "\0userName pr",
    };

    [Theory, MemberData(nameof(Hostile))]
    public void A_hostile_filter_is_refused_and_exhausts_nothing(string text) =>
        Should.Throw<ScimException>(() => FilterParser.Parse(text, ResourceTypes.User)).Error.ScimType.ShouldBe("invalidFilter");

    [Fact]
    public void A_filter_may_be_as_large_as_the_limits_say()
    {
        var deep = new string('(', FilterParser.MaximumDepth) + "title pr" + new string(')', FilterParser.MaximumDepth);
        FilterParser.Parse(deep, ResourceTypes.User).ShouldBeOfType<Presence>();
        var wide = string.Join(" or ", Enumerable.Range(0, FilterParser.MaximumConditions).Select(i => $"id eq \"{Guid.Empty}\""));
        FilterParser.Parse(wide, ResourceTypes.User).ShouldBeOfType<LogicalOr>();
    }

    [Fact]
    public void A_filter_of_one_type_does_not_know_the_attributes_of_another() =>
        FilterParser.Parse("members[value eq \"x\" and type eq \"User\"] and displayName pr", ResourceTypes.Group).ShouldBeOfType<LogicalAnd>();

    [Fact]
    public void A_filter_for_elements_is_read_without_its_brackets()
    {
        var emails = AttributePathParser.Resolve("emails", ResourceTypes.User).ShouldNotBeNull();
        FilterPrinter.Print(new ValuePath(emails, FilterParser.ParseValueFilter("type eq \"work\"", ResourceTypes.User, emails)))
            .ShouldBe("emails[type eq \"work\"]");
    }
}

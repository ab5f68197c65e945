using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Filtering;

public sealed class FilterPathTests
{
    public static TheoryData<string, string?, string?, string?> Accepted => new()
    {
        { "userName", "userName", null, null },
        { "NAME.FAMILYNAME", "name.familyName", null, "familyName" },
        { " emails ", "emails", null, null },
        { "emails[type eq \"work\"]", "emails", "type eq \"work\"", null },
        { "emails[type eq \"work\"].value", "emails", "type eq \"work\"", "value" },
        { "addresses[type eq \"work\" and not (primary eq true)].streetAddress", "addresses", "type eq \"work\" and not (primary eq true)", "streetAddress" },
        { "password", "password", null, null },
        { ScimUrns.User + ":name.givenName", "name.givenName", null, "givenName" },
        { ScimUrns.EnterpriseUser + ":manager", ScimUrns.EnterpriseUser + ":manager", null, null },
        { ScimUrns.EnterpriseUser + ":manager.value", ScimUrns.EnterpriseUser + ":manager.value", null, "value" },
        { ScimUrns.EnterpriseUser.ToUpperInvariant(), null, null, null },
    };

    [Theory, MemberData(nameof(Accepted))]
    public void A_path_is_read(string text, string? attribute, string? filter, string? subAttribute)
    {
        var path = FilterParser.ParsePath(text, ResourceTypes.User);
        path.Attribute?.ToString().ShouldBe(attribute);
        path.Extension.ShouldBe(attribute is null ? CoreSchemas.EnterpriseUser : null);
        path.SubAttribute?.Name.ShouldBe(subAttribute);
        (path.Filter is null ? null : FilterPrinter.Print(new ValuePath(path.Attribute!, path.Filter))).ShouldBe(filter is null ? null : $"{attribute}[{filter}]");
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "", "invalidPath" },
        { "nothing", "invalidPath" },
        { "name..givenName", "invalidPath" },
        { "__proto__", "invalidPath" },
        { "$type", "invalidPath" },
        { "constructor", "invalidPath" },
        { "../../x", "invalidPath" },
        { "/name/givenName", "invalidPath" },
        { "emails[type eq \"work\"] or 1=1", "invalidPath" },
        { "emails[type eq \"work\"]value", "invalidPath" },
        { "emails[type eq \"work\"].nothing", "invalidPath" },
        { "emails[type eq \"work\"].", "invalidPath" },
        { "title[value eq \"x\"]", "invalidPath" },
        { "userName eq \"x\"", "invalidPath" },
        { "emails[type eq \"work\"", "invalidFilter" },
        { "emails[]", "invalidFilter" },
        { "emails[type like \"work\"]", "invalidFilter" },
        { "emails[nothing eq \"work\"]", "invalidFilter" },
        { "emails[" + "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((", "invalidFilter" },
        { "emails[" + "emails[emails[", "invalidFilter" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void A_path_that_names_nothing_is_refused(string text, string scimType)
    {
        var error = Should.Throw<ScimException>(() => FilterParser.ParsePath(text, ResourceTypes.User)).Error;
        (error.Status, error.ScimType).ShouldBe((400, scimType));
    }

    [Fact]
    public void A_path_beyond_any_length_is_refused() =>
        Should.Throw<ScimException>(() => FilterParser.ParsePath(new string('a', 100_000), ResourceTypes.User)).Error.ScimType.ShouldBe("invalidPath");
}

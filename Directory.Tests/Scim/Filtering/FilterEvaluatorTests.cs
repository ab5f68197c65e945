using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Filtering;

public sealed class FilterEvaluatorTests
{
    private static readonly JsonObject Barbara = JsonNode.Parse($$"""
        {
          "schemas": ["{{ScimUrns.User}}", "{{ScimUrns.EnterpriseUser}}"],
          "id": "2819c223-7f76-453a-919d-413861904646",
          "externalId": "Bjensen",
          "userName": "bjensen@Example.com",
          "name": { "familyName": "Jensen", "givenName": "Bárbara" },
          "nickName": "",
          "title": "Straßenbau",
          "active": true,
          "emails": [
            { "value": "bjensen@example.com", "type": "work", "primary": true },
            { "value": "babs@jensen.org", "type": "home" }
          ],
          "{{ScimUrns.EnterpriseUser}}": { "department": "Tour", "manager": { "value": "26118915-6090-4610-87e4-49d8ca9f808d" } },
          "{{BadgeExtension.Urn}}": {
            "level": 3, "weight": 1.50, "issued": "2011-05-13T06:42:34+02:00", "serial": "Ab\uE000", "chip": "QUJD",
            "tags": ["Blue", "\ud83d\ude00"], "scores": [1, 7],
            "visits": [{ "count": 1, "late": false, "gates": ["N", "S"] }, { "count": 9, "late": true }]
          },
          "meta": {
            "resourceType": "User", "created": "2010-01-23T04:56:22Z", "lastModified": "2011-05-13T04:42:34.1234569Z",
            "version": "W/\"3\"", "location": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646"
          }
        }
        """)!.AsObject();

    public static TheoryData<string, bool> Cases => new()
    {
        { "userName eq \"BJENSEN@example.COM\"", true },
        { "externalId eq \"bjensen\"", false },
        { "externalId eq \"Bjensen\"", true },
        { "title eq \"STRASSENBAU\"", true },
        { "title co \"SSEN\"", true },
        { "name.givenName eq \"BA\u0301RBARA\"", true },
        { "name.givenName sw \"bá\"", true },
        { "name.familyName ew \"SEN\"", true },
        { "name.familyName co \"%\"", false },
        { "name.familyName gt \"jensem\"", true },
        { "name.familyName ge \"JENSEN\"", true },
        { "name.familyName lt \"jensen\"", false },
        { "name pr", true },
        { "name.middleName pr", false },
        { "nickName pr", false },
        { "nickName eq \"\"", true },
        { "nickName eq null", true },
        { "displayName ne \"x\"", true },
        { "displayName gt \"\"", false },
        { "not (displayName gt \"\")", true },
        { "active eq \"True\"", true },
        { "active ne true", false },
        { "emails eq \"babs@jensen.org\"", true },
        { "emails.type eq \"home\" and emails.value co \"example\"", true },
        { "emails[type eq \"home\" and value co \"example\"]", false },
        { "emails[type eq \"work\"].value eq \"BJENSEN@example.com\"", true },
        { "emails[type eq \"home\"].primary pr", false },
        { "emails[type ne \"work\"]", true },
        { "emails.type ne \"work\"", false },
        { "emails[type eq \"work\"].value ne \"x\"", true },
        { "emails[type eq \"fax\"].value ne \"x\"", true },
        { "emails[not (primary eq true)]", true },
        { "phoneNumbers[not (primary eq true)]", false },
        { "phoneNumbers eq null", true },
        { "emails ne null", true },
        { $"{ScimUrns.EnterpriseUser}:department eq \"TOUR\"", true },
        { $"{ScimUrns.EnterpriseUser}:manager eq \"26118915-6090-4610-87e4-49d8ca9f808d\"", true },
        { $"schemas eq \"{ScimUrns.EnterpriseUser}\"", true },
        { "schemas[value ew \":User\" and value co \"enterprise\"]", true },
        { $"{BadgeExtension.Urn}:level ge 3 and {BadgeExtension.Urn}:level lt 3.5", true },
        { $"{BadgeExtension.Urn}:weight eq 1.5", true },
        { $"{BadgeExtension.Urn}:issued eq \"2011-05-13T04:42:34Z\"", true },
        { $"{BadgeExtension.Urn}:issued lt \"2011-05-13T04:42:34.000001Z\"", true },
        { $"{BadgeExtension.Urn}:serial eq \"AB\uE000\"", false },
        // U+1F600 follows U+E000 by code point and in UTF-8, and precedes it in UTF-16.
        { $"{BadgeExtension.Urn}:serial lt \"Ab😀\"", true },
        { $"{BadgeExtension.Urn}:chip eq \"qujd\"", false },
        { $"{BadgeExtension.Urn}:tags eq \"BLUE\"", true },
        { $"{BadgeExtension.Urn}:tags gt \"\uE000\"", true },
        { $"{BadgeExtension.Urn}:scores gt 6", true },
        { $"{BadgeExtension.Urn}:visits[count gt 5 and late eq false]", false },
        { $"{BadgeExtension.Urn}:visits[gates eq \"s\"].count eq 1", true },
        { $"{BadgeExtension.Urn}:visits.gates pr", true },
        { "meta.created lt \"2010-01-23T04:56:22.000001Z\"", true },
        { "meta.lastModified eq \"2011-05-13T04:42:34.1234561Z\"", true },
        { "meta.version eq \"W/\\\"3\\\"\"", true },
        { "meta[resourceType eq \"User\"]", true },
        { "id eq \"2819C223-7F76-453A-919D-413861904646\"", false },
        { "title pr or nickName pr and active eq false", true },
        { "(title pr or nickName pr) and active eq false", false },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_resource_satisfies_a_filter_or_not(string filter, bool matches) =>
        FilterEvaluator.Matches(FilterParser.Parse(filter, BadgeExtension.User), Barbara).ShouldBe(matches);

    [Fact]
    public void An_element_is_held_against_the_filter_of_a_path()
    {
        var path = FilterParser.ParsePath("emails[type eq \"HOME\"].value", BadgeExtension.User);
        Barbara["emails"]!.AsArray().Select(email => FilterEvaluator.MatchesElement(path.Filter!, email!)).ShouldBe([false, true]);
    }
}

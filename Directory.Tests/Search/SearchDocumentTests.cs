using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections.Search;
using Directory.Tests.Scim.Filtering;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

public sealed class SearchDocumentTests
{
    [Fact]
    public void The_search_document_holds_what_comparisons_compare_and_no_secret()
    {
        var user = JsonNode.Parse($$"""
            {
              "id": "x", "schemas": ["a"], "userName": "Bj", "externalId": "E", "active": true, "password": "s3cret", "title": "Straße",
              "name": { "givenName": "BÁRBARA" }, "emails": [{ "value": "B@X", "primary": true }], "groups": [{ "value": "g" }],
              "{{ScimUrns.EnterpriseUser}}": { "department": "R&D" },
              "{{BadgeExtension.Urn}}": {
                "level": 3, "weight": 1.50, "issued": "2011-05-13T06:42:34+02:00", "serial": "aB", "chip": "QUJD", "tags": ["Blue"], "pin": "1234",
                "visits": [{ "at": "2011-05-13T04:42:34.12345678Z", "gates": ["N"], "secret": "s" }]
              },
              "meta": { "version": "W/\"1\"" }
            }
            """)!.AsObject();
        var expected = JsonNode.Parse($$"""
            {
              "title": "strasse", "name": { "givenName": "bárbara" }, "emails": [{ "value": "b@x", "primary": true }],
              "{{ScimUrns.EnterpriseUser}}": { "department": "r&d" },
              "{{BadgeExtension.Urn}}": {
                "level": 3, "weight": 1.50, "issued": "2011-05-13T04:42:34.000000Z", "serial": "aB", "chip": "QUJD", "tags": ["blue"],
                "visits": [{ "at": "2011-05-13T04:42:34.123456Z", "gates": ["n"] }]
              },
              "schemas": ["{{ScimUrns.EnterpriseUser}}", "{{BadgeExtension.Urn}}"]
            }
            """);
        JsonNode.DeepEquals(SearchDocument.Of(BadgeExtension.User, user), expected).ShouldBeTrue(SearchDocument.Of(BadgeExtension.User, user).ToJsonString());
    }
}

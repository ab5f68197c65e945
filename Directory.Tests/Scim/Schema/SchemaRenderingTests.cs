using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Schema;

public sealed class SchemaRenderingTests
{
    private const string BaseUrl = "https://example.com/scim/v2";

    private static readonly JsonObject Rfc =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Rfc7643", "section-8.7.1.json")))!.AsObject();

    // What a characteristic is when the schema leaves it out, RFC 7643 §7.
    private static readonly (string Name, string Default)[] Characteristics =
    [
        ("type", ""), ("multiValued", "false"), ("required", "false"), ("caseExact", "false"), ("canonicalValues", "[]"),
        ("mutability", "\"readWrite\""), ("returned", "\"default\""), ("uniqueness", "\"none\""), ("referenceTypes", "[]"),
    ];

    /// <summary>What differs from the RFC; the reasons stand at <see cref="CoreSchemas"/>.</summary>
    private static readonly Dictionary<string, string[]> Deviations = new()
    {
        [ScimUrns.User] = ["addresses.primary added"],
        [ScimUrns.EnterpriseUser] = [],
        [ScimUrns.Group] = ["displayName required true", "displayName uniqueness \"server\"", "members.display added"],
    };

    public static TheoryData<string> Schemas => [.. CoreSchemas.All.Select(s => s.Id)];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_core_schema_is_that_of_the_RFC_apart_from_the_listed_deviations(string id)
    {
        var expected = Rfc[id]!.AsObject();
        var differences = new List<string>();
        var rendered = Flatten(Rendered(id)["attributes"]!.AsArray(), "").ToArray();
        foreach (var (path, attribute) in rendered)
        {
            if (expected[path] is not { } rfc) differences.Add($"{path} added");
            else
                differences.AddRange(Characteristics.Where(c => Value(attribute, c) != Value(rfc, c)).Select(c => $"{path} {c.Name} {Value(attribute, c)}"));
        }
        differences.ShouldBe(Deviations[id]);
        rendered.Select(r => r.Path).Where(expected.ContainsKey).ShouldBe(expected.Select(e => e.Key), "nothing is missing, and the order is the same");
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Every_attribute_is_described(string id) =>
        Flatten(Rendered(id)["attributes"]!.AsArray(), "").ShouldAllBe(a => a.Attribute["description"]!.GetValue<string>().Length > 0);

    [Fact]
    public void A_schema_is_a_resource_of_its_own()
    {
        var json = Rendered(ScimUrns.Group);
        json["schemas"]!.ToJsonString().ShouldBe($"[\"{ScimUrns.Schema}\"]");
        json["id"]!.GetValue<string>().ShouldBe(ScimUrns.Group);
        json["name"]!.GetValue<string>().ShouldBe("Group");
        json["meta"]!.ToJsonString().ShouldBe($$"""{"resourceType":"Schema","location":"{{BaseUrl}}/Schemas/{{ScimUrns.Group}}"}""");
    }

    [Fact]
    public void A_resource_type_with_an_extension_is_rendered_as_in_section_8_6() =>
        SchemaRendering.ResourceType(ResourceTypes.User, BaseUrl).ToJsonString().ShouldBe(Compact($$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users",
             "description":"User Account","schema":"urn:ietf:params:scim:schemas:core:2.0:User",
             "schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":false}],
             "meta":{"resourceType":"ResourceType","location":"{{BaseUrl}}/ResourceTypes/User"} }
            """));

    [Fact]
    public void A_resource_type_without_an_extension_is_rendered_as_in_section_8_6() =>
        SchemaRendering.ResourceType(ResourceTypes.Group, BaseUrl).ToJsonString().ShouldBe(Compact($$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group","endpoint":"/Groups",
             "description":"Group","schema":"urn:ietf:params:scim:schemas:core:2.0:Group",
             "meta":{"resourceType":"ResourceType","location":"{{BaseUrl}}/ResourceTypes/Group"} }
            """));

    [Fact]
    public void The_service_provider_config_announces_the_features()
    {
        var features = new ServiceProviderFeatures(
            Patch: true, Bulk: false, MaxOperations: 7, MaxPayloadSize: 8, Filter: true, MaxResults: 9, ChangePassword: false, Sort: true,
            Etag: false, new PaginationFeatures(Cursor: true, Index: true, "index", 100, 200, CursorTimeout: 3600));
        var json = ServiceProviderConfig.Render(features, BaseUrl);
        json["authenticationSchemes"]!.AsArray().ShouldHaveSingleItem()!["type"]!.GetValue<string>().ShouldBe("oauthbearertoken");
        json.Remove("authenticationSchemes");
        json.ToJsonString().ShouldBe(Compact($$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},
             "bulk":{"supported":false,"maxOperations":7,"maxPayloadSize":8},"filter":{"supported":true,"maxResults":9},
             "changePassword":{"supported":false},"sort":{"supported":true},"etag":{"supported":false},
             "pagination":{"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":100,"maxPageSize":200,"cursorTimeout":3600},
             "meta":{"resourceType":"ServiceProviderConfig","location":"{{BaseUrl}}/ServiceProviderConfig"} }
            """));
        ServiceProviderConfig.Render(features with { Pagination = null }, BaseUrl).ContainsKey("pagination").ShouldBeFalse();
    }

    private static JsonObject Rendered(string id) => SchemaRendering.Schema(CoreSchemas.All.Single(s => s.Id == id), BaseUrl);

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static string Value(JsonNode attribute, (string Name, string Default) characteristic) =>
        attribute[characteristic.Name]?.ToJsonString() ?? characteristic.Default;

    private static IEnumerable<(string Path, JsonNode Attribute)> Flatten(JsonArray attributes, string prefix)
    {
        foreach (var attribute in attributes)
        {
            var path = prefix + attribute!["name"]!.GetValue<string>();
            yield return (path, attribute);
            foreach (var inner in Flatten(attribute["subAttributes"] as JsonArray ?? [], path + "."))
                yield return inner;
        }
    }
}

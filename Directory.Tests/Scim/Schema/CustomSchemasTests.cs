using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Schema;

public sealed class CustomSchemasTests
{
    private const string Desk = "urn:example:params:scim:schemas:extension:desk:2.0:User";

    private const string File = $$"""
        [
          // One desk for each user.
          {
            "id": "{{Desk}}", "name": "Desk", "description": "Where the user sits", "resourceType": "User", "required": true,
            "attributes": [
              { "name": "room", "required": true, "description": "Number of the room" },
              { "name": "height", "type": "decimal" },
              { "name": "doorCode", "returned": "never", "mutability": "writeOnly" },
              { "name": "notes", "returned": "request", "multiValued": true },
              { "name": "neighbour", "type": "complex", "multiValued": true, "subAttributes": [
                  { "name": "value", "caseExact": true }, { "name": "$ref", "type": "reference", "referenceTypes": ["User"] } ] },
            ],
          },
          { "id": "urn:example:Cost", "name": "Cost", "resourceType": "Group", "attributes": [ { "name": "center", "type": "integer" } ],
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "meta": {} }
        ]
        """;

    private static readonly SchemaRegistry Registry = new(CustomSchemas.Load(File));

    [Fact]
    public void A_custom_schema_extends_its_resource_type_and_no_other()
    {
        Registry.User.Extensions.Select(e => (e.Schema.Id, e.Required)).ShouldBe([(ScimUrns.EnterpriseUser, false), (Desk, true)]);
        Registry.Group.Extensions.Select(e => (e.Schema.Id, e.Required)).ShouldBe([("urn:example:Cost", false)]);
        Registry.Schemas.Select(s => s.Id).ShouldBe([ScimUrns.User, ScimUrns.EnterpriseUser, Desk, ScimUrns.Group, "urn:example:Cost"]);
        Registry.FindSchema(Desk.ToUpperInvariant())!.Name.ShouldBe("Desk");
        Registry.FindType("Group").ShouldBe(Registry.Group);
        Registry.FindType("group").ShouldBeNull();
    }

    [Fact]
    public void Without_custom_schemas_the_resource_types_are_the_built_in_ones()
    {
        SchemaRegistry.Default.User.ShouldBeSameAs(ResourceTypes.User);
        SchemaRegistry.Default.Group.ShouldBeSameAs(ResourceTypes.Group);
    }

    [Fact]
    public void A_custom_schema_is_read_and_shaped_like_a_built_in_one()
    {
        var report = new ReadReport();
        var body = JsonNode.Parse($$"""
            {"schemas":["{{ScimUrns.User}}"],"userName":"ada",
             "{{Desk}}":{"NOTES":"n","height":1.50,"neighbour":"x","room":"7","doorCode":"123"} }
            """)!.AsObject();
        var resource = ResourceReader.Read(Registry.User, body, report);
        resource["schemas"]!.ToJsonString().ShouldBe($"""["{ScimUrns.User}","{Desk}"]""");
        resource[Desk]!.ToJsonString().ShouldBe("""{"room":"7","height":1.5,"notes":["n"],"neighbour":[{"value":"x"}]}""");
        report.SecretsSupplied.ShouldBe([Desk + ":doorCode"]);

        ResponseShape.Parse(Registry.User, (string?)null, null).Apply(resource)[Desk]!.AsObject().ContainsKey("notes").ShouldBeFalse();
        ResponseShape.Parse(Registry.User, Desk + ":notes", null).Apply(resource)[Desk]!.ToJsonString().ShouldBe("""{"notes":["n"]}""");
        AttributePathParser.Resolve(Desk + ":neighbour.value", Registry.User)!.Leaf.CaseExact.ShouldBeTrue();
    }

    [Fact]
    public void A_required_custom_schema_is_asked_for() =>
        Should.Throw<ScimException>(() =>
            ResourceReader.Read(Registry.User, JsonNode.Parse($$"""{"schemas":["{{ScimUrns.User}}"],"userName":"ada"}""")!.AsObject()))
            .Error.ShouldBe(ScimError.Required(Desk));

    [Fact]
    public void What_is_rendered_can_be_loaded_again()
    {
        var rendered = Registry.Schemas.Single(s => s.Id == Desk);
        var json = SchemaRendering.Schema(rendered, "https://example.com");
        json["resourceType"] = "User";
        var again = CustomSchemas.Load(new JsonArray(json.DeepClone()).ToJsonString()).ShouldHaveSingleItem().Schema;
        SchemaRendering.Schema(again, "https://example.com").ToJsonString()
            .ShouldBe(SchemaRendering.Schema(rendered, "https://example.com").ToJsonString());
    }

    /// <summary>A file with mistakes and the places at which they are named.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("[", "")]
    [InlineData("""[{"id":"urn:a:b","id":"urn:a:c"}]""", "")]
    [InlineData("{}", "")]
    [InlineData("[]", "")]
    [InlineData("[5]", "[0]")]
    [InlineData("[{}]", "[0] [0] [0] [0]")]
    [InlineData("""[{"id":5,"name":"","resourceType":"Users","attributes":5}]""", "[0].id [0].name [0].attributes [0].resourceType")]
    public void The_mistakes_of_a_file_are_named_with_their_places(string file, string places) =>
        Problems(file).Select(p => p.Place).ShouldBe(places.Split(' '), ignoreOrder: true);

    [Theory]
    [InlineData("desk", "[0].id")]
    [InlineData("urn:a b", "[0].id")]
    [InlineData("urn:a\\\"b", "[0].id")]
    [InlineData("URN:ietf:params:scim:schemas:core:2.0:User", "[0].id")]
    [InlineData("urn:second", "[1].id")]
    public void The_id_of_a_schema_is_a_URI_of_its_own(string id, string place) =>
        Problems($$"""
            [{"id":"{{id}}","name":"X","resourceType":"User","attributes":[{"name":"a"}]},
             {"id":"urn:SECOND","name":"Y","resourceType":"User","attributes":[{"name":"a"}]}]
            """).ShouldHaveSingleItem().Place.ShouldBe(place);

    /// <summary>One attribute and the member that is wrong; empty: the attribute as a whole.</summary>
    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"name":""}""", ".name")]
    [InlineData("""{"name":"1a"}""", ".name")]
    [InlineData("""{"name":"a.b"}""", ".name")]
    [InlineData("""{"name":"a b"}""", ".name")]
    [InlineData("""{"name":"a","typ":"string"}""", ".typ")]
    [InlineData("""{"name":"a","type":"String"}""", ".type")]
    [InlineData("""{"name":"a","type":"text"}""", ".type")]
    [InlineData("""{"name":"a","multiValued":"true"}""", ".multiValued")]
    [InlineData("""{"name":"a","mutability":"readwrite"}""", ".mutability")]
    [InlineData("""{"name":"a","returned":null}""", ".returned")]
    [InlineData("""{"name":"a","uniqueness":"server"}""", ".uniqueness")]
    [InlineData("""{"name":"a","canonicalValues":"x"}""", ".canonicalValues")]
    [InlineData("""{"name":"a","canonicalValues":[1]}""", ".canonicalValues")]
    [InlineData("""{"name":"a","required":true,"mutability":"readOnly"}""", ".required")]
    [InlineData("""{"name":"a","required":true,"returned":"never"}""", ".required")]
    [InlineData("""{"name":"a","type":"reference"}""", "")]
    [InlineData("""{"name":"a","referenceTypes":["User"]}""", ".referenceTypes")]
    [InlineData("""{"name":"a","type":"complex"}""", "")]
    [InlineData("""{"name":"a","type":"complex","subAttributes":[]}""", ".subAttributes")]
    [InlineData("""{"name":"a","subAttributes":[{"name":"b"}]}""", ".subAttributes")]
    [InlineData("""{"name":"a","type":"complex","subAttributes":[{"name":"b","type":"complex"}]}""", ".subAttributes[0].type")]
    [InlineData("""{"name":"a","type":"complex","subAttributes":[{"name":"b","multiValued":true}]}""", ".subAttributes[0].multiValued")]
    [InlineData("""{"name":"a","type":"complex","subAttributes":[{"name":"b"},{"name":"B"}]}""", ".subAttributes[1].name")]
    [InlineData("""{"name":"FIRST"}""", ".name")]
    public void A_mistake_of_an_attribute_is_named_with_its_place(string attribute, string member) =>
        Problems($$"""[{"id":"urn:a:b","name":"X","resourceType":"User","attributes":[{"name":"first"},{{attribute}}]}]""")
            .ShouldHaveSingleItem().Place.ShouldBe("[0].attributes[1]" + member);

    [Fact]
    public void The_message_lists_every_mistake()
    {
        var error = Should.Throw<SchemaFileException>(() => CustomSchemas.Load("""
            [{"id":"urn:a:b","name":"X","resourceType":"User","attributes":[{"name":"a","type":"text"},{"name":"b","required":1}]}]
            """));
        error.Message.ShouldContain("[0].attributes[0].type must be one of string, boolean, decimal");
        error.Message.ShouldContain("[0].attributes[1].required must be true or false");
    }

    private static IReadOnlyList<SchemaProblem> Problems(string file) => Should.Throw<SchemaFileException>(() => CustomSchemas.Load(file)).Problems;
}

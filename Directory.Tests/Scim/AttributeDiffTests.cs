using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class AttributeDiffTests
{
    private const string Enterprise = ScimUrns.EnterpriseUser;

    private static readonly ResourceType Machine = new("Machine", "/Machines", "", new ResourceSchema("urn:example:Machine", "Machine", "",
    [
        new("load", AttributeType.Decimal),
        new("tags", AttributeType.String) { MultiValued = true },
        new("ports", AttributeType.Integer) { MultiValued = true },
    ]), []);

    public static TheoryData<string, string, string[]> Changes => new()
    {
        // A simple attribute: one change.
        { """{}""", """{"title":"Boss"}""", ["""{"path":"title","op":"add","before":null,"after":"Boss"}"""] },
        { """{"title":"Boss"}""", """{"title":"boss"}""", ["""{"path":"title","op":"replace","before":"Boss","after":"boss"}"""] },
        { """{"active":true}""", """{}""", ["""{"path":"active","op":"remove","before":true,"after":null}"""] },
        // A complex one: one change for each sub-attribute, in the order of the schema.
        {
            """{"name":{"givenName":"A","formatted":"A B"}}""", """{"name":{"formatted":"A C","familyName":"C"}}""",
            [
                """{"path":"name.formatted","op":"replace","before":"A B","after":"A C"}""",
                """{"path":"name.familyName","op":"add","before":null,"after":"C"}""",
                """{"path":"name.givenName","op":"remove","before":"A","after":null}""",
            ]
        },
        // An extension, after the core schema.
        {
            $$$$"""{"{{{{Enterprise}}}}":{"manager":{"value":"1"}}}""",
            $$$$"""{"{{{{Enterprise}}}}":{"department":"D","manager":{"value":"2"}},"externalId":"x"}""",
            [
                """{"path":"externalId","op":"add","before":null,"after":"x"}""",
                $$$$"""{"path":"{{{{Enterprise}}}}:department","op":"add","before":null,"after":"D"}""",
                $$$$"""{"path":"{{{{Enterprise}}}}:manager.value","op":"replace","before":"1","after":"2"}""",
            ]
        },
        // A multi-valued one: its elements. The successor is found by type, then by value.
        {
            """{"emails":[{"value":"a","type":"work"},{"value":"b"},{"value":"c","type":"home"}]}""",
            """{"emails":[{"value":"d","type":"work"},{"value":"b","display":"B"},{"value":"e","type":"other"}]}""",
            [
                """{"path":"emails","op":"replace","before":{"value":"a","type":"work"},"after":{"value":"d","type":"work"}}""",
                """{"path":"emails","op":"replace","before":{"value":"b"},"after":{"value":"b","display":"B"}}""",
                """{"path":"emails","op":"remove","before":{"value":"c","type":"home"},"after":null}""",
                """{"path":"emails","op":"add","before":null,"after":{"value":"e","type":"other"}}""",
            ]
        },
        // Of several of one type, the one with the same value is the successor.
        {
            """{"emails":[{"value":"a","type":"work"},{"value":"b","type":"work"}]}""",
            """{"emails":[{"value":"b","type":"work","primary":true},{"value":"c","type":"work"}]}""",
            [
                """{"path":"emails","op":"replace","before":{"value":"b","type":"work"},"after":{"value":"b","type":"work","primary":true}}""",
                """{"path":"emails","op":"replace","before":{"value":"a","type":"work"},"after":{"value":"c","type":"work"}}""",
            ]
        },
        // Neither the order of elements nor that of keys is a change.
        {
            """{"emails":[{"value":"a","type":"work"},{"value":"b"}],"name":{"givenName":"A","familyName":"B"}}""",
            """{"name":{"familyName":"B","givenName":"A"},"emails":[{"value":"b"},{"type":"work","value":"a"}]}""", []
        },
        // What no schema knows is not compared.
        { """{"shoeSize":43,"urn:example:Gone":{"x":1}}""", """{"shoeSize":44}""", [] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Changes_name_what_differs_and_nothing_else(string before, string after, string[] changes) =>
        AttributeDiff.Between(ResourceTypes.User, Parse(before), Parse(after)).Select(change => JsonSerializer.Serialize(change)).ShouldBe(changes);

    [Theory]
    [InlineData("""{"load":1}""", """{"load":1.0}""", 0)]
    [InlineData("""{"load":10}""", """{"load":1e1}""", 0)]
    [InlineData("""{"load":0.1}""", """{"load":0.10000000000000001}""", 1)]
    [InlineData("""{"tags":["a","b"]}""", """{"tags":["b","a"]}""", 0)]
    [InlineData("""{"tags":["a","a"]}""", """{"tags":["a"]}""", 1)]
    [InlineData("""{"tags":["a"]}""", """{"tags":["A"]}""", 2)]
    [InlineData("""{"ports":[80,443]}""", """{"ports":[443.0,80]}""", 0)]
    public void Numbers_compare_as_decimals_and_strings_ordinally(string before, string after, int changes) =>
        AttributeDiff.Between(Machine, Parse(before), Parse(after)).Count.ShouldBe(changes);

    [Fact]
    public void Numbers_made_in_memory_equal_numbers_read_from_text() =>
        AttributeDiff.Between(Machine, new JsonObject { ["load"] = 1.50m, ["ports"] = new JsonArray(80L) }, Parse("""{"ports":[80],"load":1.5}"""))
            .ShouldBeEmpty();

    [Fact]
    public void Applying_the_changes_leads_from_any_state_to_any_other()
    {
        var random = new RandomAttributes(RandomAttributes.NewSeed());
        for (var round = 0; round < 3000; round++)
            foreach (var type in new[] { ResourceTypes.User, ResourceTypes.Group, Machine })
            {
                var (before, after) = (random.Resource(type), random.Resource(type));
                var (beforeText, afterText) = (before.ToJsonString(), after.ToJsonString());
                var changes = Stored(AttributeDiff.Between(type, before, after));

                var applied = AttributeDiff.Apply(type, before, changes);

                ValueEquality.Same(applied, after).ShouldBeTrue($"{beforeText}\nto {afterText}\ngave {applied.ToJsonString()}");
                ValueEquality.Same(AttributeDiff.Apply(type, after, AttributeDiff.Between(type, after, before)), before).ShouldBeTrue();
                before.ToJsonString().ShouldBe(beforeText);
                after.ToJsonString().ShouldBe(afterText);
            }
    }

    [Fact]
    public void A_state_does_not_differ_from_itself()
    {
        var random = new RandomAttributes(RandomAttributes.NewSeed());
        for (var round = 0; round < 1000; round++)
        {
            var resource = random.Resource(ResourceTypes.User);
            AttributeDiff.Between(ResourceTypes.User, resource, resource.DeepClone().AsObject()).ShouldBeEmpty(resource.ToJsonString());
        }
    }

    [Fact]
    public void Changes_survive_being_stored()
    {
        IReadOnlyList<AttributeChange> changes =
        [
            new("emails", ChangeOperation.Replace, Parse("""{"value":"a"}"""), Parse("""{"value":"b"}""")),
            new("active", ChangeOperation.Remove, true, null),
        ];
        JsonSerializer.Serialize(changes, JsonSerializerOptions.Web).ShouldBe(JsonSerializer.Serialize(changes));
        Stored(changes).ShouldBe(changes);
    }

    [Fact]
    public void The_values_of_a_change_belong_to_the_change_alone()
    {
        var (before, after) = (Parse("""{"emails":[{"value":"a"}]}"""), Parse("""{"emails":[{"value":"b"}],"name":{"givenName":"A"}}"""));
        var changes = AttributeDiff.Between(ResourceTypes.User, before, after);
        changes.SelectMany(change => new[] { change.Before, change.After }).OfType<JsonNode>().ShouldAllBe(node => node.Parent == null);

        AttributeDiff.Apply(ResourceTypes.User, before, changes)["emails"]![0]!["value"] = "changed";
        changes.Single(change => change.Op == ChangeOperation.Add && change.Path == "emails").After!["value"]!.GetValue<string>().ShouldBe("b");
    }

    [Fact]
    public void Applying_keeps_what_no_schema_knows() =>
        AttributeDiff.Apply(ResourceTypes.User, Parse("""{"shoeSize":43,"urn:example:Gone":{"x":1},"title":"T"}"""),
            [AttributeChange.Of("title", "T", null)]).ToJsonString().ShouldBe("""{"shoeSize":43,"urn:example:Gone":{"x":1}}""");

    [Theory]
    [InlineData("""{}""", "urn:example:2.0:Gone:colour", """null""", "\"red\"", """{"urn:example:2.0:Gone":{"colour":"red"}}""")]
    [InlineData("""{"urn:example:2.0:Gone":{"colour":"red"}}""", "urn:example:2.0:Gone:colour", "\"red\"", "null", """{}""")]
    [InlineData("""{}""", "urn:example:2.0:Gone:boss.value", "null", "\"1\"", """{"urn:example:2.0:Gone":{"boss":{"value":"1"}}}""")]
    [InlineData("""{}""", "urn:example:2.0:Gone:desks", "null", """{"value":"1"}""", """{"urn:example:2.0:Gone":{"desks":[{"value":"1"}]}}""")]
    [InlineData("""{"x":["a","b"]}""", "x", "\"a\"", "null", """{"x":["b"]}""")]
    public void Changes_of_a_schema_that_is_gone_are_still_applied(string state, string path, string before, string after, string result) =>
        AttributeDiff.Apply(ResourceTypes.User, Parse(state), [AttributeChange.Of(path, JsonNode.Parse(before), JsonNode.Parse(after))])
            .ToJsonString().ShouldBe(result);

    [Theory]
    [InlineData("""{}""", "emails", """{"value":"a"}""", "null", """{}""")]
    [InlineData("""{}""", "emails", """{"value":"a"}""", """{"value":"b"}""", """{"emails":[{"value":"b"}]}""")]
    [InlineData("""{"emails":{"value":"a"}}""", "emails", """{"value":"a"}""", """{"value":"b"}""", """{"emails":[{"value":"b"}]}""")]
    [InlineData("""{"name":"A"}""", "name.givenName", "null", "\"B\"", """{"name":{"givenName":"B"}}""")]
    [InlineData("""{}""", "name.givenName", "\"B\"", "null", """{}""")]
    public void Changes_that_meet_another_state_than_theirs_do_not_fail(string state, string path, string before, string after, string result) =>
        AttributeDiff.Apply(ResourceTypes.User, Parse(state), [AttributeChange.Of(path, JsonNode.Parse(before), JsonNode.Parse(after))])
            .ToJsonString().ShouldBe(result);

    private static IReadOnlyList<AttributeChange> Stored(IReadOnlyList<AttributeChange> changes) =>
        JsonSerializer.Deserialize<List<AttributeChange>>(JsonSerializer.Serialize(changes))!;

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

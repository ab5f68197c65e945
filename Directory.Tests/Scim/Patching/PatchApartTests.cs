using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Patching;

/// <summary>The members of a group are kept apart from its document; operations on them are handed to the caller.</summary>
public sealed class PatchApartTests
{
    private static readonly HashSet<string> Members = ["members"];

    public static TheoryData<string, string[]> Operations => new()
    {
        { """[{"op":"add","path":"members","value":[{"value":"1","display":"A"},{"value":"2"}]}]""", ["""add * - [{"value":"1","display":"A"},{"value":"2"}]"""] },
        { """[{"op":"Add","path":"MEMBERS","value":{"VALUE":"1","$ref":null}}]""", ["""add * - [{"value":"1"}]"""] },
        { """[{"op":"add","path":"members","value":"1"}]""", ["""add * - [{"value":"1"}]"""] },
        { """[{"op":"add","path":"members","value":[]}]""", [] },
        { """[{"op":"add","path":"members","value":null}]""", [] },
        { """[{"op":"replace","path":"members","value":[{"value":"1"}]}]""", ["""replace * - [{"value":"1"}]"""] },
        { """[{"op":"replace","path":"members","value":[]}]""", ["""remove * - """] },
        { """[{"op":"replace","path":"members","value":null}]""", ["""remove * - """] },
        { """[{"op":"remove","path":"members"}]""", ["""remove * - """] },
        { """[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"1"}]}]""", ["""remove * - [{"value":"1"}]"""] },
        { """[{"op":"remove","path":"members","value":[]}]""", [] },
        { """[{"op":"remove","path":"members[value eq \"1\"]"}]""", ["""remove value eq "1" - """] },
        { """[{"op":"remove","path":"members[value eq \"1\"].display"}]""", ["""remove value eq "1" display """] },
        { """[{"op":"add","path":"members[value eq \"1\"].display","value":"A"}]""", ["""add value eq "1" display "A" """] },
        { """[{"op":"replace","path":"members[value eq \"1\"].display","value":null}]""", ["""remove value eq "1" display """] },
        { """[{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"2"}}]""", ["""replace value eq "1" - {"value":"2"}"""] },
        { """[{"op":"add","path":"members.value","value":"1"}]""", ["""add * value "1" """] },
        { """[{"op":"remove","path":"members[value eq \"1\"]"},{"op":"add","path":"members","value":[{"value":"2"}]}]""", ["""remove value eq "1" - """, """add * - [{"value":"2"}]"""] },
        // Without a path the value is split; what Okta sends beside the members stays with the document.
        { """[{"op":"replace","value":{"members":[],"id":"g","displayName":"Name"}}]""", ["""remove * - """] },
        { """[{"op":"replace","value":{"displayName":"New","Members":[{"value":"1"}]}}]""", ["""replace * - [{"value":"1"}]"""] },
        { """[{"op":"add","value":{"urn:ietf:params:scim:schemas:core:2.0:Group:members":[{"value":"1"}]}}]""", ["""add * - [{"value":"1"}]"""] },
        { """[{"op":"add","value":{"urn:ietf:params:scim:schemas:core:2.0:Group":{"members":[{"value":"1"}]}}}]""", ["""add * - [{"value":"1"}]"""] },
        { """[{"op":"replace","value":{"members[value eq \"1\"].display":"A"}}]""", ["""replace value eq "1" display "A" """] },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operations_on_members_are_handed_over_in_their_order(string operations, string[] expected)
    {
        var result = Patch.Apply(ResourceTypes.Group, new JsonObject { ["displayName"] = "Name" }, Parse(operations), Members);
        result.Apart.Select(Print).ShouldBe(expected.Select(line => line.Trim()));
        result.Attributes.ContainsKey("members").ShouldBeFalse();
    }

    [Fact]
    public void The_rest_of_a_value_is_applied()
    {
        var result = Patch.Apply(ResourceTypes.Group, new JsonObject { ["displayName"] = "Name" },
            Parse("""[{"op":"replace","value":{"displayName":"New","members":[{"value":"1"}],"id":"g"}}]"""), Members);
        result.Attributes.ToJsonString().ShouldBe("""{"displayName":"New"}""");
        result.Ignored.ShouldBe(["id"]);
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"members","value":[1]}]""", "invalidValue")]
    [InlineData("""[{"op":"add","path":"members[value eq \"1\"].nick","value":"A"}]""", "invalidPath")]
    [InlineData("""[{"op":"remove","path":"members[value eq \"x\"] or 1=1"}]""", "invalidPath")]
    [InlineData("""[{"op":"add","path":"members","value":[{"value":"1"}]},{"op":"remove","path":"displayName"}]""", "mutability")]
    public void Operations_on_members_are_checked_before_they_are_handed_over(string operations, string scimType) =>
        Should.Throw<ScimException>(() => Patch.Apply(ResourceTypes.Group, new JsonObject { ["displayName"] = "Name" }, Parse(operations), Members))
            .Error.ScimType.ShouldBe(scimType);

    [Fact]
    public void Members_may_be_more_than_the_values_of_an_attribute_in_the_document()
    {
        var members = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => new JsonObject { ["value"] = $"{i}" })]);
        PatchOperation[] operations = [new(ChangeOperation.Add, "members", members), new(ChangeOperation.Replace, null, new JsonObject { ["members"] = members.DeepClone() })];
        Patch.Apply(ResourceTypes.Group, [], operations, Members).Apart.ShouldAllBe(operation => operation.Value!.AsArray().Count == 20_000);
        Should.Throw<ScimException>(() => Patch.Apply(ResourceTypes.Group, [], operations)).Error.ScimType.ShouldBe("invalidValue");
    }

    private static string Print(ResolvedOperation operation) => string.Join(' ',
        operation.Op.ToString().ToLowerInvariant(), operation.Filter is null ? "*" : FilterPrinter.Print(operation.Filter).Replace("members.", "", StringComparison.Ordinal),
        operation.SubAttribute?.Name ?? "-", operation.Value?.ToJsonString()).Trim();

    private static IReadOnlyList<PatchOperation> Parse(string operations) => PatchRequest.Parse(new JsonObject
    {
        ["schemas"] = new JsonArray(ScimUrns.PatchOp),
        ["Operations"] = JsonNode.Parse(operations),
    });
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Patching;

public sealed class PatchRequestTests
{
    private const string Urn = ScimUrns.PatchOp;

    [Theory]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"add","path":"title","value":"T"}]}""", ChangeOperation.Add)]
    [InlineData($$$"""{"SCHEMAS":["{{{Urn}}}"],"operations":[{"OP":"ADD","Path":"title","VALUE":"T"}]}""", ChangeOperation.Add)]
    [InlineData("""{"schemas":["x","urn:IETF:params:scim:api:messages:2.0:patchop"],"Operations":[{"op":"Replace","path":"title","value":"T"}]}""", ChangeOperation.Replace)]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"Remove","path":"title","value":"T","note":1}],"more":1}""", ChangeOperation.Remove)]
    public void Names_are_read_without_regard_to_case(string body, ChangeOperation op) =>
        Parse(body).ShouldBe([new PatchOperation(op, "title", "T")]);

    [Fact]
    public void Operations_keep_their_order() =>
        Parse($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"remove","path":"b"},{"op":"remove","path":"a"},{"op":"remove","path":"b"}]}""")
            .Select(operation => operation.Path).ShouldBe(["b", "a", "b"]);

    [Fact]
    public void A_path_may_be_absent_null_or_empty() =>
        Parse($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"add","value":{}},{"op":"add","path":null,"value":{}},{"op":"add","path":"","value":{}}]}""")
            .ShouldAllBe(operation => operation.Path == null);

    [Theory]
    [InlineData("""{}""", "invalidSyntax")]
    [InlineData("""{"Operations":[{"op":"remove","path":"title"}]}""", "invalidSyntax")]
    [InlineData("""{"schemas":["urn:example:x"],"Operations":[{"op":"remove","path":"title"}]}""", "invalidSyntax")]
    [InlineData("""{"schemas":[1,null],"Operations":[{"op":"remove","path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":{"op":"remove","path":"title"}}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[null]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":["remove"]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"move","path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"delete","path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":1,"path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"\ud800","path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"remove","path":["title"]}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"remove","path":"title\ud800"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"remove","Op":"add","path":"title"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"remove","path":"a"}],"operations":[{"op":"remove","path":"b"}]}""", "invalidSyntax")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"add","path":"title"}]}""", "invalidValue")]
    [InlineData($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"replace"}]}""", "invalidValue")]
    public void What_is_no_PatchOp_is_refused(string body, string scimType)
    {
        var error = Should.Throw<ScimException>(() => Parse(body)).Error;
        (error.Status, error.ScimType).ShouldBe((400, scimType));
    }

    [Theory]
    [InlineData(PatchRequest.MaxOperations, null)]
    [InlineData(PatchRequest.MaxOperations + 1, "tooMany")]
    public void As_many_operations_as_announced_are_taken(int count, string? scimType)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray(Urn),
            ["Operations"] = new JsonArray([.. Enumerable.Repeat(0, count).Select(_ => new JsonObject { ["op"] = "remove", ["path"] = "title" })]),
        };
        if (scimType is null) PatchRequest.Parse(body).Count.ShouldBe(count);
        else Should.Throw<ScimException>(() => PatchRequest.Parse(body)).Error.ShouldSatisfyAllConditions(
            error => error.Status.ShouldBe(413), error => error.ScimType.ShouldBe(scimType));
    }

    [Fact]
    public void Operations_survive_being_stored()
    {
        IReadOnlyList<PatchOperation> operations = Parse(
            $$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"Add","value":{"title":"T"}},{"op":"remove","path":"emails[type eq \"work\"]"}]}""");
        JsonSerializer.Deserialize<List<PatchOperation>>(JsonSerializer.Serialize(operations)).ShouldBe(operations);
        JsonSerializer.Serialize(operations[0]).ShouldBe("""{"op":"add","path":null,"value":{"title":"T"}}""");
    }

    [Fact]
    public void Values_belong_to_the_operation_alone()
    {
        var body = JsonNode.Parse($$$"""{"schemas":["{{{Urn}}}"],"Operations":[{"op":"add","value":{"title":"T"}}]}""")!.AsObject();
        var operation = PatchRequest.Parse(body).Single();
        body["Operations"]![0]!["value"]!["title"] = "changed";
        operation.Value!["title"]!.GetValue<string>().ShouldBe("T");
    }

    private static IReadOnlyList<PatchOperation> Parse(string body) => PatchRequest.Parse(JsonNode.Parse(body)!.AsObject());
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Bulk;

public sealed class BulkRequestTests
{
    [Theory]
    [InlineData("""{"Operations":[{"method":"DELETE","path":"/Users/1"}]}""", 400, "invalidSyntax")]
    [InlineData("""{"schemas":["BULK"],"Operations":[]}""", 400, "invalidSyntax")]
    [InlineData("""{"schemas":["BULK"]}""", 400, "invalidSyntax")]
    [InlineData("""{"schemas":["BULK"],"failOnErrors":0,"Operations":[{}]}""", 400, "invalidValue")]
    [InlineData("""{"schemas":["BULK"],"failOnErrors":"1","Operations":[{}]}""", 400, "invalidValue")]
    public void what_is_no_bulk_request_is_refused_as_a_whole(string body, int status, string scimType)
    {
        var error = Should.Throw<ScimException>(() => BulkRequest.Parse(Json(body))).Error;
        (error.Status, error.ScimType).ShouldBe((status, scimType));
    }

    [Fact]
    public void more_operations_than_announced_are_refused()
    {
        JsonObject Body(int count) => new()
        {
            ["schemas"] = new JsonArray(ScimUrns.BulkRequest),
            ["Operations"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => new JsonObject())]),
        };
        BulkRequest.Parse(Body(BulkRequest.MaxOperations)).Entries.Count.ShouldBe(BulkRequest.MaxOperations);
        Should.Throw<ScimException>(() => BulkRequest.Parse(Body(BulkRequest.MaxOperations + 1))).Error.Status.ShouldBe(413);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("""{"method":"GET","path":"/Users/1"}""")]
    [InlineData("""{"path":"/Users/1"}""")]
    [InlineData("""{"method":"POST","path":"/Users/1","data":{}}""")]
    [InlineData("""{"method":"PUT","path":"/Users","data":{}}""")]
    [InlineData("""{"method":"DELETE","path":"/Users/1/groups"}""")]
    [InlineData("""{"method":"DELETE"}""")]
    [InlineData("""{"method":"POST","path":"/Users"}""")]
    public void an_operation_that_cannot_be_read_fails_alone(string operation)
    {
        var entries = BulkRequest.Parse(Json($$"""{"schemas":["BULK"],"Operations":[{{operation}},{"method":"DELETE","path":"/Users/1"}]}""")).Entries;
        entries[0].Error!.ScimType.ShouldBe("invalidSyntax");
        entries[1].Operation!.Path.ShouldBe("/Users/1");
    }

    [Fact]
    public void a_bulkId_names_one_operation()
    {
        var entries = BulkRequest.Parse(Json("""
            {"schemas":["BULK"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{}},{"method":"POST","path":"/Users","bulkId":"a","data":{}}]}
            """)).Entries;
        entries[0].Error.ShouldBeNull();
        entries[1].Error!.ScimType.ShouldBe("invalidSyntax");
    }

    [Theory]
    [InlineData("""[{"op":"remove","path":"nickName"}]""")]
    [InlineData("""{"Operations":[{"op":"remove","path":"nickName"}]}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"nickName"}]}""")]
    public void a_patch_may_leave_out_what_the_examples_of_the_rfc_leave_out(string data)
    {
        var operation = BulkRequest.Parse(Json($$"""{"schemas":["BULK"],"Operations":[{"METHOD":"patch","Path":"Users/1","data":{{data}}}]}"""))
            .Entries.Single().Operation!;
        (operation.Endpoint, operation.Target, operation.MethodName).ShouldBe(("/Users", "1", "PATCH"));
        Directory.Domain.Scim.Patching.PatchRequest.Parse(operation.Data!).Single().Path.ShouldBe("nickName");
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text.Replace("\"BULK\"", $"\"{ScimUrns.BulkRequest}\""))!.AsObject();
}

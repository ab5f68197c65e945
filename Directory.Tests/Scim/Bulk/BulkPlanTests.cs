using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Bulk;

public sealed class BulkPlanTests
{
    /// <summary>Each operation is written as its bulkId and what it refers to; the order as indexes, a circle in brackets.</summary>
    [Theory]
    [InlineData("a; b; c", "0 1 2")]
    [InlineData("a>b; b; c", "1 0 2")]
    [InlineData("a; b>a; c>b", "0 1 2")]
    [InlineData("a>b; b>c; c", "2 1 0")]
    [InlineData("a>c; b; c", "2 0 1")]
    [InlineData("a>b,c; b>c; c", "2 1 0")]
    [InlineData("a>b; b>a", "[0 1]")]
    [InlineData("a>a", "0")]
    [InlineData("x; a>b; b>c; c>a; y>b; z", "0 [1 2 3] 4 5")]
    [InlineData("y>b; a>b; b>a; z", "[1 2] 0 3")]
    [InlineData("a>nobody; b", "0 1")]
    public void creations_come_before_what_refers_to_them(string operations, string order)
    {
        var request = operations.Split("; ").Select((text, index) => Operation(index, text)).ToList();
        string.Join(' ', BulkPlan.Order(request).Select(step =>
            step.Count == 1 ? $"{step[0].Index}" : $"[{string.Join(' ', step.Select(o => o.Index))}]")).ShouldBe(order);
    }

    [Fact]
    public void a_long_chain_of_references_is_followed()
    {
        var chain = Enumerable.Range(0, BulkRequest.MaxOperations).Select(i => Operation(i, $"b{i}>b{i + 1}")).ToList();
        BulkPlan.Order(chain).Select(step => step.Single().Index).ShouldBe(Enumerable.Range(0, chain.Count).Reverse());
    }

    [Fact]
    public void references_are_found_in_values_and_paths_and_nowhere_else()
    {
        var body = JsonNode.Parse($$"""
            {"schemas":["{{ScimUrns.BulkRequest}}"],"Operations":[{"method":"patch","path":"/Groups/bulkId:own","data":{"Operations":[
              {"op":"remove","path":"members[value eq \"bulkId:gone\" or value eq \"bulkId:left\"]"},
              {"op":"add","path":"members","value":[{"value":"bulkId:come"},{"value":"no bulkId:x","display":"\"bulkId:y\""}]}] } }]}
            """)!.AsObject();
        var operation = BulkRequest.Parse(body).Entries.Single().Operation!;
        operation.References.ShouldBe(["own", "gone", "left", "come"], ignoreOrder: true);
        var (gone, come) = (Guid.NewGuid(), Guid.NewGuid());
        var resolved = BulkReferences.Resolve(operation, new Dictionary<string, Guid> { ["gone"] = gone, ["come"] = come })!;
        resolved["Operations"]![0]!["path"]!.ToString().ShouldBe($"members[value eq \"{gone}\" or value eq \"bulkId:left\"]");
        resolved["Operations"]![1]!["value"]![0]!["value"]!.ToString().ShouldBe(come.ToString());
        operation.Data!["Operations"]![1]!["value"]![0]!["value"]!.ToString().ShouldBe("bulkId:come");
    }

    private static BulkOperation Operation(int index, string text)
    {
        var parts = text.Split('>');
        JsonArray references = [.. parts.Skip(1).SelectMany(p => p.Split(',')).Select(r => JsonValue.Create($"bulkId:{r}"))];
        return new BulkOperation(index, BulkMethod.Post, "/Users", null, parts[0], null, new JsonObject { ["refers"] = references });
    }
}

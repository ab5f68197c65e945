using System.Text.Json.Nodes;
using Directory.Api.Bulk;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Bulk;

public sealed class BulkTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Fact]
    public async Task every_method_is_carried_out_and_answered_in_order()
    {
        var (kept, gone, group) = (await Create("kept-1"), await Create("gone-1"), await Group("Everyone-1"));
        var answer = await Bulk(
            Post("/Users", Some.User("new-1"), "new"),
            Put($"/Users/{kept}", Some.User("kept-1", ("title", "Head"))),
            Patch($"/Groups/{group}", Some.Patch("add", "members", Some.Members(kept, "bulkId:new"))),
            Operation("DELETE", $"/Users/{gone}"),
            Post("/Groups", Some.Group("Second-1", "bulkId:new"), "second"));
        Statuses(answer).ShouldBe(["201", "200", "200", "204", "201"]);
        var created = Location(answer, 0);
        answer.Body!["schemas"]!.ToJsonString().ShouldBe($"""["{ScimUrns.BulkResponse}"]""");
        Results(answer)[0]!.ToJsonString().ShouldBe(
            $$"""{"location":"http://localhost/api/scim/v2/Users/{{created}}","method":"POST","bulkId":"new","version":"W/\u00221\u0022","status":"201"}""");
        Results(answer)[3]!.ToJsonString().ShouldBe(
            $$"""{"location":"http://localhost/api/scim/v2/Users/{{gone}}","method":"DELETE","status":"204"}""");

        (await directory.Scim("GET", $"/Users/{created}")).Body!["userName"]!.ToString().ShouldBe("new-1");
        (await directory.Scim("GET", $"/Users/{kept}")).Body!["title"]!.ToString().ShouldBe("Head");
        (await directory.Scim("GET", $"/Users/{gone}")).Status.ShouldBe(404);
        (await Members(group)).ShouldBe([kept, created], ignoreOrder: true);
        (await Members(Location(answer, 4))).ShouldBe([created]);
    }

    [Fact]
    public async Task one_bad_operation_fails_alone()
    {
        await Create("taken-2");
        var operations = Enumerable.Range(0, 250).Select(i => Post("/Users", Some.User($"run-2-{i}"), $"u{i}")).ToList();
        operations[17] = Post("/Users", Some.User("TAKEN-2"), "u17");
        operations[140] = Post("/Users", Some.User("run-2-139"), "u140");
        operations[200] = Post("/Users", new JsonObject { ["schemas"] = new JsonArray(ScimUrns.User) }, "u200");
        operations[210] = Operation("DELETE", $"/Users/{Guid.NewGuid()}");
        operations[220] = Post("/Printers", Some.User("printer"), "u220");
        var answer = await Bulk([.. operations]);
        var failed = Results(answer).Index().Where(r => !Status(r.Item).StartsWith('2')).ToDictionary(r => r.Index, r => Status(r.Item));
        failed.ShouldBe(new Dictionary<int, string> { [17] = "409", [140] = "409", [200] = "400", [210] = "404", [220] = "404" }, ignoreOrder: true);
        Results(answer).Count.ShouldBe(250);
        Results(answer)[17]!["response"]!["scimType"]!.ToString().ShouldBe("uniqueness");
        Results(answer)[17]!["response"]!["detail"]!.ToString().ShouldContain("TAKEN-2");
        Results(answer)[17]!.AsObject().ContainsKey("location").ShouldBeFalse();
        Results(answer)[210]!.AsObject().ContainsKey("location").ShouldBeTrue();
        (await directory.Scim("GET", "/Users?count=0&filter=" + Uri.EscapeDataString("userName sw \"run-2-\"")))
            .Body!["totalResults"]!.GetValue<int>().ShouldBe(245);
    }

    [Fact]
    public async Task after_failOnErrors_failures_nothing_more_is_begun()
    {
        var operations = Enumerable.Range(0, 120).Select(i => Post("/Users", Some.User($"stop-3-{i}"), $"u{i}")).ToList();
        operations[10] = Post("/Users", Some.User("stop-3-9"), "u10");
        operations[60] = Post("/Users", Some.User("stop-3-9"), "u60");
        var answer = await Bulk(2, operations);
        Results(answer).Count.ShouldBe(61);
        Status(Results(answer)[60]).ShouldBe("409");
        (await directory.Scim("GET", "/Users?count=0&filter=" + Uri.EscapeDataString("userName sw \"stop-3-\"")))
            .Body!["totalResults"]!.GetValue<int>().ShouldBe(59);

        var unreadable = await Bulk(1, [Operation("GET", "/Users/1"), Post("/Users", Some.User("never-3"), "n")]);
        Statuses(unreadable).ShouldBe(["400"]);
    }

    [Fact]
    public async Task a_reference_to_a_later_operation_is_resolved()
    {
        var answer = await Bulk(
            Post("/Groups", Some.Group("Parent-4", "bulkId:child", "bulkId:ann"), "parent"),
            Patch("/Users/bulkId:ann", Some.Patch("add", "nickName", "A")),
            Post("/Groups", Some.Group("Child-4", "bulkId:ann"), "child"),
            Post("/Users", Some.User("ann-4"), "ann"));
        Statuses(answer).ShouldBe(["201", "200", "201", "201"]);
        (await Members(Location(answer, 0))).ShouldBe([Location(answer, 2), Location(answer, 3)], ignoreOrder: true);
        (await directory.Scim("GET", $"/Users/{Location(answer, 3)}")).Body!["nickName"]!.ToString().ShouldBe("A");
    }

    [Fact]
    public async Task users_may_refer_to_each_other()
    {
        var answer = await Bulk(Post("/Users", Managed("left-5", "bulkId:r"), "l"), Post("/Users", Managed("right-5", "bulkId:l"), "r"));
        Statuses(answer).ShouldBe(["201", "201"]);
        var left = await directory.Scim("GET", $"/Users/{Location(answer, 0)}");
        left.Body![ScimUrns.EnterpriseUser]!["manager"]!["value"]!.ToString().ShouldBe(Location(answer, 1));

        var broken = await Bulk(Post("/Users", Managed("one-5", "bulkId:b"), "a"), Post("/Users", Managed("left-5", "bulkId:a"), "b"));
        Statuses(broken).ShouldBe(["409", "409"]);
        (await directory.Scim("GET", "/Users?filter=userName%20eq%20%22one-5%22")).Resources.Count.ShouldBe(0);
    }

    [Fact]
    public async Task groups_in_a_circle_are_refused()
    {
        var answer = await Bulk(
            Post("/Groups", Some.Group("A-6", "bulkId:b"), "a"), Post("/Groups", Some.Group("B-6", "bulkId:a"), "b"),
            Post("/Groups", Some.Group("C-6", "bulkId:c"), "c"));
        Statuses(answer).ShouldBe(["409", "409", "409"]);

        var (top, low) = (await Group("Top-6"), await Group("Low-6"));
        var changed = await Bulk(
            Patch($"/Groups/{top}", Some.Patch("add", "members", Some.Members(low))),
            Patch($"/Groups/{low}", Some.Patch("add", "members", Some.Members(top))));
        Statuses(changed).ShouldBe(["200", "400"]);
    }

    [Fact]
    public async Task what_refers_to_a_failed_creation_fails_too()
    {
        await Create("taken-7");
        var answer = await Bulk(
            Post("/Users", Some.User("taken-7"), "u"),
            Post("/Users", Managed("child-7", "bulkId:u"), "child"),
            Post("/Groups", Some.Group("G-7", "bulkId:child"), "g"),
            Patch("/Users/bulkId:u", Some.Patch("add", "nickName", "N")),
            Post("/Groups", Some.Group("H-7", "bulkId:nobody"), "h"),
            Post("/Groups", Some.Group("I-7"), "i"));
        Statuses(answer).ShouldBe(["409", "409", "409", "409", "400", "201"]);
    }

    [Fact]
    public async Task operations_on_one_resource_follow_each_other()
    {
        var user = await Create("first-8");
        var answer = await Bulk(
            Patch($"/Users/{user}", Some.Patch("replace", "userName", "second-8"), "W/\"1\""),
            Post("/Users", Some.User("first-8"), "heir"),
            Patch($"/Users/{user}", Some.Patch("add", "nickName", "N"), "W/\"1\""),
            Patch($"/Users/{user}", Some.Patch("add", "nickName", "M"), "W/\"2\""),
            Operation("DELETE", $"/Users/{user}"),
            Put($"/Users/{user}", Some.User("third-8")),
            Post("/Groups", Some.Group("Heirs-8", "bulkId:heir", user), "g"));
        Statuses(answer).ShouldBe(["200", "201", "412", "200", "204", "404", "400"]);
    }

    [Fact]
    public async Task a_member_that_is_deleted_after_it_was_added_is_no_member()
    {
        var (user, group) = (await Create("leaver-9"), await Group("G-9"));
        var answer = await Bulk(
            Post("/Groups", Some.Group("H-9", user), "h"), Patch($"/Groups/{group}", Some.Patch("add", "members", Some.Members(user))),
            Operation("DELETE", $"/Users/{user}"), Post("/Groups", Some.Group("I-9", user), "i"));
        Statuses(answer).ShouldBe(["201", "200", "204", "400"]);
        (await Members(Location(answer, 0))).ShouldBeEmpty();
        (await Members(group)).ShouldBeEmpty();
    }

    [Fact]
    public async Task the_audit_tells_which_operation_of_which_request_it_was()
    {
        var answer = await directory.Scim("POST", "/Bulk", Body(
            null, [Post("/Users", Some.User("audited-10"), "a"), Post("/Users", Some.User("audited-11", ("password", "hush-hush")), "b")]),
            ("X-Request-Id", "bulk-request-10"));
        Statuses(answer).ShouldBe(["201", "201"]);
        var entries = (await directory.Audit("/entries?requestId=bulk-request-10")).Body!["entries"]!.AsArray();
        entries.Count.ShouldBe(2);
        entries.Select(e => e!["request"]!["bulk"]!.ToJsonString()).ShouldBe(
            ["""{"path":"/Users","method":"POST","operation":1}""", """{"path":"/Users","method":"POST","operation":0}"""]);
        entries[0]!["request"]!["withheld"]!.ToJsonString().ShouldBe("""["password"]""");
        entries.Select(e => (string?)e!["request"]!["path"]).Distinct().ShouldBe(["/api/scim/v2/Bulk"]);
        (await directory.Scalar<long>("select count(*) from mt_events where causation_id = 'bulk-request-10' and headers::text like '%hush%'")).ShouldBe(0);
    }

    [Fact]
    public async Task the_limits_are_those_announced()
    {
        var bulk = (await directory.Scim("GET", "/ServiceProviderConfig")).Body!["bulk"]!;
        bulk.ToJsonString().ShouldBe($$"""{"supported":true,"maxOperations":{{BulkRequest.MaxOperations}},"maxPayloadSize":{{PostBulk.MaxPayloadSize}}}""");

        var operation = Operation("DELETE", $"/Users/{Guid.NewGuid()}");
        var many = await Bulk([.. Enumerable.Range(0, BulkRequest.MaxOperations + 1).Select(_ => (JsonObject)operation.DeepClone())]);
        (many.Status, many.ScimType).ShouldBe((413, "tooMany"));

        var body = Body(null, [operation]).ToJsonString();
        (await directory.Scim("POST", "/Bulk", JsonNode.Parse(body))).Status.ShouldBe(200);
        var padded = body.PadRight(PostBulk.MaxPayloadSize + 1);
        var large = await directory.Send("POST", "/api/scim/v2/Bulk", padded, ("Authorization", $"Bearer {directory.ScimToken}"));
        large.Status.ShouldBe(413, large.Text);
    }

    private static JsonObject Managed(string userName, string manager) =>
        Some.User(userName, (ScimUrns.EnterpriseUser, new JsonObject { ["manager"] = new JsonObject { ["value"] = manager } }));

    private static JsonObject Post(string path, JsonObject data, string bulkId) => Operation("POST", path, data, bulkId);

    private static JsonObject Put(string path, JsonObject data) => Operation("PUT", path, data);

    private static JsonObject Patch(string path, JsonObject data, string? version = null)
    {
        var operation = Operation("PATCH", path, data);
        if (version is not null) operation["version"] = version;
        return operation;
    }

    private static JsonObject Operation(string method, string path, JsonObject? data = null, string? bulkId = null)
    {
        var operation = new JsonObject { ["method"] = method, ["path"] = path };
        if (bulkId is not null) operation["bulkId"] = bulkId;
        if (data is not null) operation["data"] = data;
        return operation;
    }

    private Task<ScimAnswer> Bulk(params JsonObject[] operations) => Bulk(null, operations);

    private Task<ScimAnswer> Bulk(int? failOnErrors, IEnumerable<JsonObject> operations) =>
        directory.Scim("POST", "/Bulk", Body(failOnErrors, operations));

    private static JsonObject Body(int? failOnErrors, IEnumerable<JsonObject> operations)
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(ScimUrns.BulkRequest), ["Operations"] = new JsonArray([.. operations]) };
        if (failOnErrors is not null) body["failOnErrors"] = failOnErrors;
        return body;
    }

    private static JsonArray Results(ScimAnswer answer)
    {
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Body!["Operations"]!.AsArray();
    }

    private static IEnumerable<string> Statuses(ScimAnswer answer) => Results(answer).Select(Status);

    private static string Status(JsonNode? result) => result!["status"]!.ToString();

    private static string Location(ScimAnswer answer, int index)
    {
        var location = Results(answer)[index]!["location"]?.ToString() ?? throw new InvalidOperationException($"No location in {answer}");
        return location[(location.LastIndexOf('/') + 1)..];
    }

    private async Task<string> Create(string userName) => (await directory.Scim("POST", "/Users", Some.User(userName))).Id;

    private async Task<string> Group(string displayName) => (await directory.Scim("POST", "/Groups", Some.Group(displayName))).Id;

    private async Task<string[]> Members(string group) =>
        [.. ((await directory.Scim("GET", $"/Groups/{group}")).Body!["members"]?.AsArray() ?? []).Select(m => m!["value"]!.ToString())];
}

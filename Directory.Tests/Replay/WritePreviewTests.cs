using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>A preview against the write itself: it must tell what then happens.</summary>
public sealed class WritePreviewTests(ReplayFixture directory) : IClassFixture<ReplayFixture>
{
    [Fact]
    public async Task a_preview_tells_the_events_and_the_state_that_the_write_then_has()
    {
        var user = await directory.Write("POST", "/Users", Some.User("seen@example.com"));
        var group = await directory.Write("POST", "/Groups", Some.Group("Seen"));
        (string Method, string Path, JsonObject Body)[] writes =
        [
            ("PATCH", $"/Users/{user}", Some.Patch("replace", null, new JsonObject { ["active"] = false, ["title"] = "Gone" })),
            ("PUT", $"/Users/{user}", Some.User("renamed@example.com", ("displayName", "Ren"))),
            ("PUT", $"/Users/{user}", Some.User("renamed@example.com", ("displayName", "Ren"))),
            ("PATCH", $"/Groups/{group}", Some.Patch("add", "members", Some.Members(user))),
            ("PUT", $"/Groups/{group}", Some.Group("Renamed")),
            ("POST", "/Users", Some.User("new@example.com")),
            ("POST", "/Groups", Some.Group("New", user)),
            ("DELETE", $"/Users/{user}", []),
            ("DELETE", $"/Groups/{group}", []),
        ];
        foreach (var (method, path, body) in writes)
        {
            var events = await directory.Events();
            var preview = await directory.Administered("/preview", Request(method, path, body));
            (await directory.Events()).ShouldBe(events);

            var answer = await directory.Scim(method, path, method == "DELETE" ? null : body);
            preview["outcome"]!.GetValue<string>().ShouldBe("success");
            ((int)preview["status"]!).ShouldBe(answer.Status, $"{method} {path}");
            var entries = (await directory.Audited($"/entries?requestId={answer.Header("X-Request-Id")}"))["entries"]!.AsArray().Reverse().ToList();
            Told(preview["events"]!.AsArray()).ShouldBe(Told(entries), $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("POST", "/Users", """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"SOMEONE@example.com"}""", 409, "uniqueness")]
    [InlineData("POST", "/Users", """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}""", 400, "invalidValue")]
    [InlineData("PATCH", "/Users/ID", """{"Operations":[{"op":"replace","path":"id","value":"x"}]}""", 400, null)]
    [InlineData("PATCH", "/Users/00000000-0000-7000-8000-000000000000", """{"Operations":[]}""", null, null)]
    [InlineData("DELETE", "/Users/nobody", "{}", 404, null)]
    [InlineData("GET", "/Users", "{}", 400, "invalidValue")]
    [InlineData("POST", "/Bulk", "{}", 400, "invalidValue")]
    public async Task a_refusal_is_told_as_the_write_would_be_refused(string method, string path, string body, int? status, string? scimType)
    {
        var id = await Someone();
        var (target, json) = (path.Replace("ID", id, StringComparison.Ordinal), JsonNode.Parse(body)!.AsObject());

        var preview = await directory.Administered("/preview", Request(method, target, json));

        preview["outcome"]!.GetValue<string>().ShouldBe("refused");
        if (status is not null) ((int)preview["status"]!).ShouldBe(status.Value);
        if (scimType is not null) ((string?)preview["error"]!["scimType"]).ShouldBe(scimType);
        if (method is "GET" || path == "/Bulk") return;
        var answer = await directory.Scim(method, target, method == "DELETE" ? null : json);
        ((int)preview["status"]!).ShouldBe(answer.Status);
        preview["error"]!.ToJsonString().ShouldBe(answer.Body!.ToJsonString());
    }

    [Fact]
    public async Task the_name_of_a_deleted_user_is_free_in_a_preview_too()
    {
        var id = await directory.Write("POST", "/Users", Some.User("free@example.com"));
        await directory.Write("DELETE", $"/Users/{id}");

        var preview = await directory.Administered("/preview", Request("POST", "/api/scim/v2/Users", Some.User("free@example.com")));

        preview["outcome"]!.GetValue<string>().ShouldBe("success");
        preview["after"]!["userName"]!.GetValue<string>().ShouldBe("free@example.com");
    }

    private async Task<string> Someone()
    {
        var existing = await directory.Scalar<long>("select count(*) from scim_user where user_name = 'someone@example.com'");
        return existing == 0
            ? await directory.Write("POST", "/Users", Some.User("someone@example.com"))
            : (await directory.Scalar<Guid>("select id from scim_user where user_name = 'someone@example.com'")).ToString();
    }

    private static JsonObject Request(string method, string path, JsonObject body) =>
        new() { ["method"] = method, ["path"] = path, ["body"] = body.DeepClone() };

    private static List<string> Told(IEnumerable<JsonNode?> events) =>
    [
        .. events.Select(e => $"{e!["action"]} {e["noOp"]} {string.Join(',', e["changes"]!.AsArray().Select(
            c => $"{c!["op"]} {c["path"]} {Value(c["before"])} {Value(c["after"])}"))}"),
    ];

    private static string Value(JsonNode? node) => node is null ? "nothing" : RawHistory.Canonical(node);
}

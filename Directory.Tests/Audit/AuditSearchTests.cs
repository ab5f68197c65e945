using System.Text.Json.Nodes;
using Directory.Projections.Audit;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class AuditSearchTests(AuditStory story) : IClassFixture<AuditStory>
{
    /// <summary>What a filter asks of an entry's JSON, told apart from how the product finds it.</summary>
    public static TheoryData<string, Func<JsonNode, AuditStory, bool>> Filters => new()
    {
        { "action=create", (e, _) => Text(e, "action") == "create" },
        { "eventType=user_patched", (e, _) => Text(e, "eventType") == "user_patched" },
        { "target={ada}", (e, s) => Text(e, "target", "id") == s.Ada },
        { "targetType=group", (e, _) => Text(e, "target", "type") == "group" },
        { "targetName=ada.lovelace@EXAMPLE.com", (e, _) => Text(e, "target", "name") == "Ada.Lovelace@example.com" },
        { "externalId=00u2", (e, _) => Text(e, "target", "externalId") == "00u2" },
        { "group={group}", (e, s) => Text(e, "target", "id") == s.Group },
        { "member={grace}", (e, s) => Members(e).Contains(s.Grace) },
        { "attribute=title", (e, _) => Paths(e).Contains("title") },
        { "attribute=NAME", (e, _) => Paths(e).Any(p => p.StartsWith("name.", StringComparison.Ordinal)) },
        { "attribute=name.familyName", (e, _) => Paths(e).Contains("name.familyName") },
        { "attribute=emails", (e, _) => Paths(e).Contains("emails") },
        { "attribute=password", (e, _) => Paths(e).Contains("password") },
        { "requestId=promotion-1", (e, _) => Text(e, "request", "id") == "promotion-1" },
        { "actor=Okta", (e, _) => Text(e, "actor", "name") == "Okta" },
        { "actor=system", (e, _) => Text(e, "actor", "kind") == "system" },
        { "text=countess", (e, _) => Text(e, "sentence").Contains("Countess", StringComparison.Ordinal) },
        { "text=lovel%20deleted", (_, _) => false },
        { "text=GRACE%20deleted", (e, _) => Text(e, "sentence") == "Okta deleted grace@example.com" },
        { "includeNoOps=false", (e, _) => !(bool)e["noOp"]! },
        { "action=patch&attribute=title", (e, _) => Text(e, "action") == "patch" && Paths(e).Contains("title") },
        { "target={ada}&text=king", (e, s) => Text(e, "target", "id") == s.Ada && Text(e, "sentence").Contains("King", StringComparison.Ordinal) },
        { "outcome=success", (_, _) => true },
        { "outcome=failure", (_, _) => false },
        { "scimType=uniqueness", (_, _) => false },
        { "source=203.0.113.9", (_, _) => false },
        { "since=2001-01-01T00:00:00Z&until=2002-01-01T00:00:00Z", (_, _) => false },
        { "since=2001-01-01T00:00:00Z", (_, _) => true },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task a_filter_finds_what_it_says_and_nothing_else(string query, Func<JsonNode, AuditStory, bool> asked)
    {
        await story.Tell();
        var address = query.Replace("{ada}", story.Ada, StringComparison.Ordinal).Replace("{grace}", story.Grace, StringComparison.Ordinal)
            .Replace("{group}", story.Group, StringComparison.Ordinal);
        var all = await story.Entries("count=1000");
        var expected = all.Where(e => asked(e!, story)).Select(e => (long)e!["sequence"]!).ToArray();

        AuditStory.Sequences(await story.Entries($"{address}&count=1000")).ShouldBe(expected);
        await story.CatchUp();
        AuditStory.Sequences(await story.Entries($"{address}&count=1000")).ShouldBe(expected, "behind the writes");
        AuditStory.Sequences(await Walk($"{address}&count=2")).ShouldBe(expected, "page by page");
    }

    [Fact]
    public async Task a_connection_and_a_token_are_found_by_id_and_by_the_first_characters()
    {
        await story.Tell();
        var actor = (await story.Entries("action=delete"))[0]!["actor"]!;
        var byOkta = AuditStory.Sequences(await story.Entries("actor=Okta&count=1000"));

        AuditStory.Sequences(await story.Entries($"connection={actor["connection"]}&count=1000")).ShouldBe(byOkta);
        AuditStory.Sequences(await story.Entries($"token={actor["tokenId"]}&count=1000")).ShouldBe(byOkta);
        AuditStory.Sequences(await story.Entries($"token={actor["tokenPrefix"]}&count=1000")).ShouldBe(byOkta);
        AuditStory.Sequences(await story.Entries($"token={story.ScimToken}&count=1000")).ShouldBe(byOkta);
    }

    [Fact]
    public async Task an_entry_says_who_what_whom_when_from_where_and_under_which_request()
    {
        await story.Tell();
        var entry = (await story.Entries("requestId=promotion-1")).Single()!;

        Text(entry, "sentence").ShouldBe("Okta changed title from \"Analyst\" to \"Countess\" of Ada.Lovelace@example.com");
        Text(entry, "tenant").ShouldBe("default");
        Text(entry, "outcome").ShouldBe("success");
        Text(entry, "request", "method").ShouldBe("PATCH");
        Text(entry, "request", "path").ShouldBe($"/api/scim/v2/Users/{story.Ada}");
        Text(entry, "request", "bodySha256").Length.ShouldBe(64);
        ((long)entry["version"]!["before"]!).ShouldBe(1);
        ((long)entry["version"]!["after"]!).ShouldBe(2);
        Text(entry, "target", "externalId").ShouldBe("00u1");
        entry["changes"]!.ToJsonString().ShouldBe("""[{"op":"replace","path":"title","after":"Countess","before":"Analyst"}]""");
    }

    [Fact]
    public async Task a_secret_that_was_sent_is_told_by_name_only()
    {
        await story.Tell();
        var entry = (await story.Entries("action=create&targetName=grace@example.com")).Single()!;

        entry["changes"]!.AsArray().Single(c => (string?)c!["path"] == "password")!.ToJsonString()
            .ShouldBe("""{"op":"replace","path":"password","redacted":true}""");
        Text(entry, "sentence").ShouldBe("Okta created grace@example.com; the password it supplied was discarded");
        entry.ToJsonString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z")]
    [InlineData("since=9999-12-31T23:59:59Z")]
    [InlineData("since=2026-01-01T00:00:00%2B99:99")]
    [InlineData("since=1767225600.5")]
    [InlineData("since=yesterday")]
    [InlineData("until=2026-02-30")]
    [InlineData("acton=create")]
    [InlineData("action=creat")]
    [InlineData("eventType=user_invented")]
    [InlineData("action=create&action=delete")]
    [InlineData("target=1")]
    [InlineData("count=0")]
    [InlineData("count=-1")]
    [InlineData("fromSequence=x")]
    [InlineData("includeNoOps=yes")]
    [InlineData("text=%27%25")]
    [InlineData("outcome=maybe")]
    [InlineData("follow=true")]
    [InlineData("after=1&cursor=abc")]
    public async Task a_question_that_cannot_be_meant_is_refused(string query)
    {
        var answer = await story.Audit($"/entries?{query}");

        answer.Status.ShouldBe(400, answer.Text);
        answer.Text.ShouldContain("urn:directory:error:invalidValue");
    }

    [Theory]
    [InlineData("text=%27%20%7C%20nobodyatall:*")]
    [InlineData("targetName=a%27%27%27b")]
    [InlineData("externalId=%5C%27%20%26%20%5C")]
    [InlineData("attribute=%27%29--")]
    [InlineData("source=%3A%2A")]
    public async Task what_looks_like_a_query_of_terms_is_only_a_value(string query)
    {
        await story.CatchUp();

        (await story.Entries(query)).ShouldBeEmpty();
    }

    private async Task<JsonArray> Walk(string query)
    {
        var all = new JsonArray();
        for (var cursor = ""; ;)
        {
            var page = (await story.Audit($"/entries?{query}{cursor}")).Body!;
            foreach (var entry in page["entries"]!.AsArray()) all.Add(entry!.DeepClone());
            if (page["nextCursor"] is not { } next) return all;
            page["entries"]!.AsArray().Count.ShouldBe(2);
            cursor = $"&cursor={next}";
        }
    }

    private static string Text(JsonNode entry, params string[] path) =>
        path.Aggregate((JsonNode?)entry, (node, name) => node?[name])?.ToString() ?? "";

    private static IEnumerable<string> Paths(JsonNode entry) => entry["changes"]!.AsArray().Select(c => (string)c!["path"]!);

    private static IEnumerable<string> Members(JsonNode entry) => entry["members"]?.AsArray().Select(m => (string)m!["id"]!) ?? [];
}

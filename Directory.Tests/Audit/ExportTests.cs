using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class ExportTests(AuditStory story) : IClassFixture<AuditStory>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ndjson_has_every_entry_oldest_first_and_ends_with_a_record_that_fits_the_bytes_before()
    {
        await story.Tell();
        var expected = AuditStory.Sequences(await story.Entries("count=1000")).Reverse().ToArray();

        var export = await Export("/entries", "application/x-ndjson");
        var lines = export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var closing = JsonNode.Parse(lines[^1])!["closing"]!;

        lines[..^1].Select(l => (long)JsonNode.Parse(l)!["sequence"]!).ShouldBe(expected);
        ((bool)closing["complete"]!).ShouldBeTrue();
        ((long)closing["rows"]!).ShouldBe(expected.Length);
        ((long)closing["firstSequence"]!).ShouldBe(expected[0]);
        ((long)closing["lastSequence"]!).ShouldBe(expected[^1]);
        ((string)closing["sha256"]!).ShouldBe(Hash(export.Text[..^(lines[^1].Length + 1)]));
        export.Header("Content-Disposition")!.ShouldContain("attachment");
    }

    [Fact]
    public async Task an_export_has_what_the_search_finds()
    {
        await story.Tell();
        foreach (var query in (string[])["action=patch&attribute=title", "text=grace", $"target={story.Ada}", "outcome=failure"])
        {
            var found = AuditStory.Sequences(await story.Entries($"{query}&count=1000")).Reverse();
            var lines = (await Export($"/entries?{query}", "application/x-ndjson")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines[..^1].Select(l => (long)JsonNode.Parse(l)!["sequence"]!).ShouldBe(found, query);
        }
    }

    [Fact]
    public async Task csv_is_safe_to_open_and_reads_back_as_it_was()
    {
        await story.Tell();
        string[] names = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\"quoted\", with comma", "plain"];
        foreach (var name in names)
            await story.Accepted("POST", "/Groups", Some.Group(name));

        var export = await Export("/entries?targetType=group&action=create", "text/csv");
        var records = Csv.Read(export.Text);
        var (header, rows, closing) = (records[0], records[1..^1], records[^1]);
        var (name_, escaped) = (Array.IndexOf(header, "targetName"), Array.IndexOf(header, "escapedColumns"));

        records.ShouldAllBe(r => r.Length == header.Length);
        rows.SelectMany(r => r).ShouldAllBe(field => field.Length == 0 || !"=+-@\t\r\n".Contains(field[0]));
        var readBack = rows.Select(r => r[escaped].Split(' ').Contains("targetName") ? r[name_][1..] : r[name_]);
        readBack.ShouldBe(["Engineers", .. names]);
        closing[0].ShouldBe("#closing");
        closing.ShouldContain($"rows={rows.Count}");
        closing.ShouldContain($"sha256={Hash(export.Text[..export.Text.IndexOf("#closing", StringComparison.Ordinal)])}");
    }

    [Fact]
    public async Task an_export_of_a_token_that_is_revoked_meanwhile_ends_and_says_that_it_is_not_complete()
    {
        await story.Tell();
        for (var i = 0; i < 60; i++)
            await story.Accepted("POST", "/Users", Some.User($"filler-{i}@example.com", ("displayName", new string('x', 20_000))));
        await story.Execute("""
            insert into audit_entry select gen_random_uuid(), seq + 1000 * n, tenant_id, stream_type, stream_id, stream_version, event_type, action, time,
                actor_kind, actor_id, actor_name, token_id, request_id, target_name, external_id, changes, members, no_op, sentence, detail
            from audit_entry, generate_series(1, 40) n where target_name like 'filler-%'
            """);
        using var client = story.Host.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/audit/entries");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", story.AuditToken);
        request.Headers.Accept.ParseAdd("application/x-ndjson");

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        (await reader.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        await story.Execute("update credential set revoked_at = now() where role = 'auditor'");
        var last = (await reader.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        await story.Execute("update credential set revoked_at = null where role = 'auditor'");
        await story.Execute("delete from audit_entry a where not exists (select from mt_events e where e.id = a.id)");

        var closing = JsonNode.Parse(last)!["closing"]!;
        ((bool)closing["complete"]!).ShouldBeFalse();
        ((string)closing["reason"]!).ShouldBe("The token was revoked, or the session ended.");
        ((long)closing["rows"]!).ShouldBeLessThan(2_400);
    }

    [Theory]
    [InlineData("text/html", 406)]
    [InlineData("application/x-ndjson;q=0, application/json;q=0", 406)]
    [InlineData("text/csv;q=0.2, application/json;q=0.8", 200, "application/json")]
    [InlineData("text/*", 200, "text/csv")]
    [InlineData("*/*", 200, "application/json")]
    [InlineData("application/ndjson", 200, "application/x-ndjson")]
    public async Task accept_decides_about_the_form(string accept, int status, string? type = null)
    {
        var answer = await story.Audit("/entries", ("Accept", accept));

        answer.Status.ShouldBe(status, answer.Text);
        if (type is not null) answer.Header("Content-Type")!.ShouldStartWith(type);
    }

    [Fact]
    public async Task a_follower_gets_what_is_there_and_what_comes()
    {
        await story.Tell();
        using var client = story.Host.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/audit/entries?after=0&follow=true&action=create");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", story.AuditToken);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        (await reader.ReadLineAsync(Cancellation))!.ShouldContain("Ada.Lovelace@example.com");
        await story.Accepted("POST", "/Users", Some.User("followed@example.com"));
        while (await reader.ReadLineAsync(Cancellation) is { } line)
            if (line.Contains("created followed@example.com", StringComparison.Ordinal)) return;
        Assert.Fail("The stream ended.");
    }

    private async Task<ScimAnswer> Export(string path, string accept)
    {
        var answer = await story.Audit(path, ("Accept", accept));
        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

using System.Text.Json.Nodes;
using Directory.Projections.Requests;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Requests;

public sealed class RequestLogTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_refused_request_is_kept_with_its_reason_and_a_write_with_the_events_it_caused()
    {
        var created = await directory.Scim("POST", "/Users", Some.User("logged@example.com"), ("X-Request-Id", "log-1"));
        created.Status.ShouldBe(201, created.Text);
        var refused = await directory.Scim("POST", "/Users", Some.User("LOGGED@example.com"), ("X-Request-Id", "log-2"), ("User-Agent", "test/1"));
        refused.Status.ShouldBe(409);
        var both = await directory.Scim("PATCH", $"/Users/{created.Id}", Some.Patch("replace", null, new JsonObject { ["active"] = false, ["title"] = "x" }), ("X-Request-Id", "log-3"));
        both.Status.ShouldBe(200, both.Text);

        var conflict = (await Requests("requestId=log-2")).Single()!;
        ((int)conflict["status"]!).ShouldBe(409);
        ((string)conflict["scimType"]!).ShouldBe("uniqueness");
        ((string)conflict["outcome"]!).ShouldBe("failure");
        ((string)conflict["detail"]!).ShouldBe((string)refused.Body!["detail"]!);
        ((string)conflict["route"]!).ShouldBe("/Users");
        ((string)conflict["connection"]!).ShouldBe("Okta");
        ((string)conflict["userAgent"]!).ShouldBe("test/1");
        ((long)conflict["events"]!).ShouldBe(0);
        ((double)conflict["durationMs"]!).ShouldBeGreaterThan(0);
        ((long)(await Requests("requestId=log-1")).Single()!["events"]!).ShouldBe(1);
        ((long)(await Requests("requestId=log-3")).Single()!["events"]!).ShouldBe(2);
    }

    [Fact]
    public async Task a_read_is_not_kept_and_one_that_is_refused_is()
    {
        (await directory.Scim("GET", "/Users", null, ("X-Request-Id", "read-1"))).Status.ShouldBe(200);
        (await directory.Scim("GET", "/Users?filter=((", null, ("X-Request-Id", "read-2"))).Status.ShouldBe(400);
        (await directory.Scim("GET", $"/Users/{Guid.Empty}", null, ("X-Request-Id", "read-3"))).Status.ShouldBe(404);

        (await Requests("requestId=read-1")).ShouldBeEmpty();
        ((string)(await Requests("requestId=read-2")).Single()!["scimType"]!).ShouldBe("invalidFilter");
        ((string)(await Requests("requestId=read-3")).Single()!["route"]!).ShouldBe("/Users/{id}");
    }

    [Fact]
    public async Task requests_without_a_token_are_counted_and_not_kept_one_by_one()
    {
        for (var i = 0; i < 25; i++)
            (await directory.Send("POST", "/api/scim/v2/Groups", "{}", ("Authorization", $"Bearer wrong-token-{i}"))).Status.ShouldBe(401);

        var rows = (await Requests("status=401&outcome=failure")).Where(r => (string?)r!["route"] == "/Groups").ToList();

        rows.Sum(r => (long)r!["times"]!).ShouldBe(25);
        rows.Count.ShouldBeLessThan(5);
        rows.ShouldAllBe(r => !r!.ToJsonString().Contains("wrong-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task failures_are_grouped_by_cause()
    {
        for (var i = 0; i < 3; i++)
            (await directory.Scim("PUT", $"/Users/{Guid.NewGuid()}", Some.User("cause@example.com"))).Status.ShouldBe(404);

        var answer = await directory.Audit("/requests/causes?method=put");

        var cause = answer.Body!["causes"]!.AsArray().Single()!;
        ((long)cause["count"]!).ShouldBe(3);
        ((int)cause["status"]!).ShouldBe(404);
        ((string)cause["route"]!).ShouldBe("/Users/{id}");
        ((string)cause["example"]!).ShouldContain("There is no User");
    }

    [Fact]
    public async Task pages_follow_each_other_without_a_gap_or_an_overlap()
    {
        for (var i = 0; i < 5; i++)
            (await directory.Scim("DELETE", $"/Groups/{Guid.NewGuid()}")).Status.ShouldBe(404);

        var all = (await Requests("method=DELETE")).Select(r => (long)r!["id"]!).ToArray();
        var walked = new List<long>();
        for (var cursor = ""; ;)
        {
            var page = (await directory.Audit($"/requests?method=DELETE&count=2{cursor}")).Body!;
            walked.AddRange(page["requests"]!.AsArray().Select(r => (long)r!["id"]!));
            if (page["nextCursor"] is not { } next) break;
            cursor = $"&cursor={next}";
        }

        all.Length.ShouldBe(5);
        walked.ShouldBe(all);
    }

    [Fact]
    public async Task reading_and_exporting_the_audit_is_kept_with_the_filter_and_the_number_of_rows()
    {
        (await directory.Scim("POST", "/Users", Some.User("watched@example.com"))).Status.ShouldBe(201);
        (await directory.Audit($"/entries?targetName=watched@example.com&token={directory.ScimToken}", ("X-Request-Id", "look-1"))).Status.ShouldBe(200);
        (await directory.Audit("/entries?targetName=watched@example.com", ("Accept", "text/csv"), ("X-Request-Id", "look-2"))).Status.ShouldBe(200);

        var access = (await directory.Audit("/access?path=/api/audit/entries")).Body!["accesses"]!.AsArray();
        var read = access.Single(a => (string?)a!["requestId"] == "look-1")!;
        var export = access.Single(a => (string?)a!["requestId"] == "look-2")!;

        ((string)read["actorKind"]!).ShouldBe("auditor");
        ((long)read["count"]!).ShouldBe(1);
        ((string)read["filter"]!).ShouldContain("targetName=watched@example.com");
        read.ToJsonString().ShouldNotContain(directory.ScimToken);
        ((string)export["format"]!).ShouldStartWith("text/csv");
        ((long)export["count"]!).ShouldBe(1);
    }

    [Fact]
    public async Task a_provisioners_token_reads_none_of_it_and_the_attempt_is_kept()
    {
        var answer = await directory.Send("GET", "/api/audit/requests", null, ("Authorization", $"Bearer {directory.ScimToken}"), ("X-Request-Id", "intruder"));

        answer.Status.ShouldBe(403);
        var kept = (await directory.Audit("/access?actor=Okta")).Body!["accesses"]!.AsArray().Single(a => (string?)a!["requestId"] == "intruder")!;
        ((int)kept["status"]!).ShouldBe(403);
        ((string)kept["actorKind"]!).ShouldBe("provisioner");
    }

    [Fact]
    public async Task what_is_past_its_time_is_removed()
    {
        var journal = directory.Services.GetRequiredService<RequestJournal>();
        // Of today: what is past the service's own limit is removed at its start, which may be now.
        var now = directory.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        journal.Add(At(now.AddHours(-3), "purge-old"));
        journal.Add(At(now.AddHours(-1), "purge-young"));
        await journal.Flush(Cancellation);

        await journal.Purge(now.AddHours(-2), now.AddHours(-2), Cancellation);

        (await Requests("requestId=purge-old")).ShouldBeEmpty();
        (await Requests("requestId=purge-young")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_flood_from_many_addresses_makes_few_rows_and_loses_no_count()
    {
        var journal = directory.Services.GetRequiredService<RequestJournal>();
        var now = directory.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        for (var i = 0; i < 5_000; i++)
            journal.Add(At(now, "flood") with { Status = 401, TokenId = null, Source = $"2001:db8::{i:x}" });
        await journal.Flush(Cancellation);

        (await directory.Scalar<long>("select count(*) from request_log where request_id = 'flood'")).ShouldBeLessThan(1_000);
        (await directory.Scalar<long>("select sum(times)::bigint from request_log where request_id = 'flood'")).ShouldBe(5_000);
    }

    private static RequestRecord At(DateTimeOffset time, string id) => new(
        "default", time, TimeSpan.FromMilliseconds(1), "POST", "/api/scim/v2/Users", "/Users", 201, null, null, null, "Okta", "token", "prefix",
        null, null, id, null);

    private async Task<JsonArray> Requests(string query)
    {
        var answer = await directory.Audit($"/requests?count=1000&{query}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Body!["requests"]!.AsArray();
    }
}

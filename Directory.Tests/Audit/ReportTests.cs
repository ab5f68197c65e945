using System.Text.Json.Nodes;
using Directory.Projections.Reports;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class ReportTests(AuditStory story) : IClassFixture<AuditStory>
{
    private const string Ever = "from=2001-01-01T00:00:00Z";

    [Fact]
    public async Task deprovisioning_measures_from_the_request_to_its_effect_and_counts_what_was_refused()
    {
        await story.Tell();
        (await story.Scim("DELETE", $"/Users/{story.Grace}")).Status.ShouldBe(404);

        var report = await Report("deprovisioning", Ever);
        var rows = report["rows"]!.AsArray();

        rows.Select(r => $"{r!["action"]} {r["userName"]}").ShouldBe(["deactivate grace@example.com", "delete grace@example.com"]);
        rows.ShouldAllBe(r => (double)r!["durationMs"]! > 0 && (DateTimeOffset)r["received"]! <= (DateTimeOffset)r["time"]! && (DateTimeOffset)r["time"]! <= (DateTimeOffset)r["effective"]!);
        ((int)report["deactivations"]!).ShouldBe(1);
        ((int)report["deletions"]!).ShouldBe(1);
        ((int)report["durationMs"]!["measured"]!).ShouldBe(2);
        ((double)report["durationMs"]!["max"]!).ShouldBe(rows.Max(r => (double)r!["durationMs"]!));
        ((long)report["failures"]!["count"]!).ShouldBe(1);
    }

    [Fact]
    public async Task joiners_movers_and_leavers_are_told_apart()
    {
        await story.Tell();

        var report = await Report("joiners-movers-leavers", Ever);

        ((int)report["joiners"]!).ShouldBe(2);
        ((int)report["movers"]!).ShouldBe(1);
        ((int)report["leavers"]!).ShouldBe(1);
        report["rows"]!.AsArray().Select(r => $"{r!["kind"]} {r["action"]}").ShouldBe(
            ["joiner create", "joiner create", "mover patch", "leaver deactivate", "leaver delete"]);
        report["rows"]![2]!["attributes"]!.ToJsonString().ShouldBe("""["title"]""");
    }

    [Fact]
    public async Task a_user_whom_no_connection_touched_since_is_listed()
    {
        await story.Tell();

        (await Report("untouched", ""))["rows"]!.AsArray().ShouldBeEmpty();
        var since = await Report("untouched", "since=2999-01-01T00:00:00Z");
        var other = await Report("untouched", $"connection={Guid.Empty}");

        since["rows"]!.AsArray().Select(r => (string)r!["userName"]!).ShouldBe(["Ada.Lovelace@example.com"]);
        since["rows"]![0]!["lastTouched"].ShouldNotBeNull();
        other["rows"]!.AsArray().Select(r => (string)r!["userName"]!).ShouldBe(["Ada.Lovelace@example.com"]);
        other["rows"]![0]!["lastTouched"].ShouldBeNull();
    }

    [Fact]
    public async Task what_was_pushed_in_vain_is_counted_by_attribute()
    {
        await story.Tell();

        var rows = (await Report("no-op-pushes", Ever))["rows"]!.AsArray();

        rows.Select(r => $"{r!["connection"]} {r["targetType"]} {r["attribute"]} {r["pushes"]} {r["targets"]}").ShouldBe(["Okta user title 1 1"]);
    }

    [Theory]
    [InlineData("deprovisioning", Ever, 2)]
    [InlineData("joiners-movers-leavers", Ever, 5)]
    [InlineData("untouched", "since=2999-01-01T00:00:00Z", 1)]
    [InlineData("no-op-pushes", Ever, 1)]
    public async Task a_report_is_a_csv_file_too(string name, string query, int rows)
    {
        await story.Tell();
        var answer = await story.Audit($"/reports/{name}?{query}", ("Accept", "text/csv"));

        var records = Csv.Read(answer.Text);

        records.Count.ShouldBe(rows + 2);
        records.ShouldAllBe(r => r.Length == records[0].Length);
        records[^1].ShouldContain("complete=true");
    }

    [Theory]
    [InlineData("deprovisioning", "")]
    [InlineData("deprovisioning", "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    [InlineData("untouched", "connection=okta")]
    [InlineData("no-op-pushes", "from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z")]
    public async Task a_report_about_no_period_is_refused(string name, string query) =>
        (await story.Audit($"/reports/{name}?{query}")).Status.ShouldBe(400);

    [Fact]
    public void Percentiles_are_durations_that_were_measured()
    {
        DurationPercentiles.Of(Enumerable.Range(1, 100).Select(i => (double)i).Reverse()).ShouldBe(new DurationPercentiles(100, 50, 95, 99, 100));
        DurationPercentiles.Of([7]).ShouldBe(new DurationPercentiles(1, 7, 7, 7, 7));
        DurationPercentiles.Of([]).ShouldBe(new DurationPercentiles(0, null, null, null, null));
    }

    private async Task<JsonNode> Report(string name, string query)
    {
        var answer = await story.Audit($"/reports/{name}?{query}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Body!;
    }
}

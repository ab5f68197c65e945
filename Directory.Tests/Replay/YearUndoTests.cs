using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>The undo of the mistaken mass deactivation, and what a connection did in that window.</summary>
public sealed class YearUndoTests(ProvisionedYear year) : IClassFixture<ProvisionedYear>
{
    [Fact]
    public void the_preview_appended_nothing_and_told_what_then_happened()
    {
        year.EventsAroundPreview.After.ShouldBe(year.EventsAroundPreview.Before);
        year.UndoPreview["preview"]!.GetValue<bool>().ShouldBeTrue();
        Plain(year.UndoPreview["undone"]!).ShouldBe(Plain(year.Undo["undone"]!));
        Plain(year.UndoPreview["notUndone"]!).ShouldBe(Plain(year.Undo["notUndone"]!));
    }

    [Fact]
    public async Task the_preview_left_no_gap_in_the_sequence() =>
        (await year.Scalar<long>("select max(seq_id) - count(*) from mt_events")).ShouldBe(0);

    [Fact]
    public void after_the_undo_everything_is_as_it_was_but_for_what_others_changed_later()
    {
        var before = year.Checkpoints.Single(c => c.Name == "Rehire");
        var after = year.Checkpoints.Single(c => c.Name == "Undone");
        foreach (var user in before.Users)
        {
            var now = after.Users.Single(u => u.Id == user.Id);
            var expected = Bare(user);
            if (user.Id == year.Users[1]) expected["title"] = "Director"; // what Payroll changed meanwhile stays
            JsonNode.DeepEquals(Bare(now), expected).ShouldBeTrue($"{now.Resource} was {user.Resource}");
            Ids(now, "groups").ShouldBe(Ids(user, "groups"), ignoreOrder: true);
        }

        foreach (var group in before.Groups)
            Ids(after.Groups.Single(g => g.Id == group.Id), "members").ShouldBe(Ids(group, "members"), ignoreOrder: true);
    }

    [Fact]
    public void the_undo_lists_what_it_did_and_has_nothing_to_say_of_what_was_put_right_by_hand()
    {
        var undone = year.Undo["undone"]!.AsArray();
        undone.Select(u => (string)u!["id"]!).ShouldNotContain(year.Users[0]); // reactivated by Payroll
        undone.Single(u => (string)u!["id"]! == year.Users[7])!["restored"]!.GetValue<bool>().ShouldBeTrue();
        var engineering = undone.Single(u => (string)u!["id"]! == year.Engineering)!;
        engineering["membersAdded"]!.AsArray().Select(m => (string)m!["id"]!).ShouldBe([year.Users[4]]);
        year.Undo["notUndone"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task all_events_of_the_undo_are_of_one_request_by_the_administrator()
    {
        var request = (string)year.Undo["requestId"]!;
        var entries = (await year.Audited($"/entries?requestId={request}&count=100"))["entries"]!.AsArray();

        entries.Count.ShouldBeGreaterThanOrEqualTo(year.Undo["undone"]!.AsArray().Count);
        entries.Select(e => (string)e!["actor"]!["kind"]!).Distinct().ShouldBe(["admin"]);
        entries.Select(e => (string)e!["action"]!).Distinct().ShouldBe(["restore", "members.add"], ignoreOrder: true);
        entries.ShouldAllBe(e => e!["request"]!["sent"] == null || e["request"]!["sent"]!["from"] != null);
    }

    [Fact]
    public async Task undoing_twice_changes_nothing_the_second_time()
    {
        var window = new JsonObject { ["from"] = ReplayFixture.Text(year.Mistake.From), ["to"] = ReplayFixture.Text(year.Mistake.To) };
        var before = await year.Events();

        var again = await year.Administered($"/connections/{year.Okta}/undo", window);

        again["undone"]!.AsArray().ShouldBeEmpty();
        (await year.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task what_a_connection_changed_in_a_window_is_summed_up_by_target()
    {
        var window = $"from={ReplayFixture.Text(year.Mistake.From)}&to={ReplayFixture.Text(year.Mistake.To)}";
        var targets = new List<JsonNode>();
        for (var path = $"/connections/{year.Okta}/changes?{window}&count=4"; ;)
        {
            var page = await year.Audited(path);
            targets.AddRange(page["changes"]!.AsArray().Select(t => t!));
            if (page["nextCursor"] is not { } cursor)
            {
                ((int)page["targets"]!).ShouldBe(targets.Count);
                ((long)page["entries"]!).ShouldBe(targets.Sum(t => (long)t["entries"]!));
                break;
            }

            path = $"/connections/{year.Okta}/changes?{window}&count=4&cursor={cursor}";
        }

        var deactivated = targets.Where(t => t["actions"]!["deactivate"] is not null).ToList();
        deactivated.Count.ShouldBeGreaterThan(5);
        foreach (var target in deactivated)
            target["changes"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe("""{"path":"active","op":"replace","before":true,"after":false}""");
        targets.Single(t => (string)t["id"]! == year.Users[5])["changes"]!.AsArray().ShouldBeEmpty(); // was inactive already
        targets.Single(t => (string)t["id"]! == year.Engineering)["membersRemoved"]!["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task the_sum_over_a_year_is_what_the_raw_events_of_the_connection_say()
    {
        var raw = await RawHistory.Load(year.Database);
        var own = await Own();
        var from = ReplayFixture.Text(raw.Events[0].Time);
        var targets = (await year.Audited($"/connections/{year.Okta}/changes?from={from}&count=1000"))["changes"]!.AsArray();

        foreach (var target in targets.Where(t => (string)t!["type"]! == "user" && (string)t["id"]! != year.Users[1]))
        {
            // Of users whom nobody else touched in between, the sum is the state after the connection's last event.
            var mine = own.Where(e => e.Stream == (string)target!["id"]!).ToList();
            ((long)target!["entries"]!).ShouldBe(mine.Count);
            if (raw.Events.Any(e => e.Stream == (string)target["id"]! && e.Version < mine[^1].Version && !own.Contains(e))) continue;
            target["changes"]!.AsArray().Select(c => ((string)c!["path"]!, RawHistory.Canonical(c["after"]!)))
                .ShouldBe(raw.Attributes((string)target["id"]!, mine[^1].Version), ignoreOrder: true);
        }

        async Task<List<RawEvent>> Own()
        {
            var ids = new HashSet<Guid>();
            await using var command = year.Database.CreateCommand($"select id from mt_events where headers ->> 'actor_id' = '{year.Okta}'");
            await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await row.ReadAsync(TestContext.Current.CancellationToken)) ids.Add(row.GetGuid(0));
            return [.. raw.Events.Where(e => ids.Contains(e.Id))];
        }
    }

    private static JsonObject Bare(Shown shown)
    {
        var resource = shown.Resource.DeepClone().AsObject();
        resource.Remove("groups");
        resource.Remove("meta");
        return resource;
    }

    private static IEnumerable<string> Ids(Shown shown, string list) => (shown.Resource[list] as JsonArray ?? []).Select(m => (string)m!["value"]!);

    private static string Plain(JsonNode list) => list.ToJsonString();
}

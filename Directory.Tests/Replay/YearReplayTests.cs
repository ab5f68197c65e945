using System.Text.Json.Nodes;
using Directory.Tests.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>Replay against what clients were shown, and against a fold of the raw events that knows nothing of the product.</summary>
public sealed class YearReplayTests(ProvisionedYear year) : IClassFixture<ProvisionedYear>
{
    [Fact]
    public async Task every_version_is_what_the_service_showed_then()
    {
        year.Recorded.Count.ShouldBeGreaterThan(50);
        foreach (var shown in year.Recorded)
        {
            var step = await year.Audited($"{Audit(shown)}/versions/{shown.Version}");
            Same(step["resource"]!, shown);
            step["deleted"]!.GetValue<bool>().ShouldBeFalse();
            ((long)step["entry"]!["target"]!["version"]!).ShouldBe(shown.Version);
            step["request"]!["id"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task as_of_a_checkpoint_everything_is_what_the_service_showed_then()
    {
        foreach (var checkpoint in year.Checkpoints)
        {
            var at = ReplayFixture.Text(checkpoint.At);
            foreach (var shown in checkpoint.Users)
            {
                var past = await year.Audited($"{Audit(shown)}/as-of?at={at}");
                Same(past["resource"]!, shown);
                past["active"]!.GetValue<bool>().ShouldBe(shown.Resource["active"]!.GetValue<bool>());
                Listed(past["groups"]!, g => (bool)g["direct"]!, "name").ShouldBe(
                    Listed(shown.Resource["groups"] ?? new JsonArray(), g => (string?)g["type"] == "direct", "display"), ignoreOrder: true);
            }

            foreach (var shown in checkpoint.Groups)
            {
                var past = await year.Audited($"{Audit(shown)}/as-of?at={at}");
                Same(past["resource"]!, shown);
                var expected = (shown.Resource["members"] as JsonArray ?? []).Select(m => (string)m!["value"]!).ToList();
                ((int)past["members"]!["count"]!).ShouldBe(expected.Count);
                var members = await year.Audited(((string)past["members"]!["href"]!)["/api/audit".Length..]);
                members["members"]!.AsArray().Select(m => (string)m!["id"]!).ShouldBe(expected, ignoreOrder: true);
            }

            var live = checkpoint.Users.Concat(checkpoint.Groups).Select(s => s.Id).ToHashSet();
            foreach (var gone in year.Users.Where(u => !live.Contains(u)))
                (await year.Audit($"/users/{gone}/as-of?at={at}")).ShouldSatisfyAllConditions(
                    a => (a.Status == 404 || (bool)a.Body!["deleted"]!).ShouldBeTrue(a.ToString()));
        }
    }

    [Fact]
    public async Task a_diff_of_any_two_versions_is_what_the_raw_events_say()
    {
        var raw = await RawHistory.Load(year.Database);
        var random = Seeded();
        foreach (var (endpoint, id) in year.Users.Select(u => ("users", u)).Concat(year.Groups.Select(g => ("groups", g))))
        {
            var last = raw.Events.Count(e => e.Stream == id);
            for (var round = 0; round < 6; round++)
            {
                var (from, to) = (random.Next(0, last + 1), random.Next(0, last + 1));
                var diff = await year.Audited($"/{endpoint}/{id}/diff?from=v{from}&to={to}");
                var (before, after) = (raw.Attributes(id, from), raw.Attributes(id, to));
                var changes = diff["changes"]!.AsArray();
                Values(changes, "before").ShouldBe(Without(before, after), ignoreOrder: true, $"{endpoint}/{id} {from}..{to}");
                Values(changes, "after").ShouldBe(Without(after, before), ignoreOrder: true, $"{endpoint}/{id} {from}..{to}");
                diff["entries"]!.AsArray().Count(e => (string)e!["target"]!["id"]! == id).ShouldBe(Math.Abs(to - from));
                if (endpoint == "groups") MembersDiffer(diff, raw, id, from, to);
            }
        }
    }

    [Fact]
    public async Task members_at_random_instants_are_what_the_raw_events_say()
    {
        var raw = await RawHistory.Load(year.Database);
        var random = Seeded();
        var (first, last) = (raw.Events[0].Time, raw.Events[^1].Time);
        for (var round = 0; round < 25; round++)
        {
            // On an event as often as between two of them.
            var instant = round % 2 == 0
                ? raw.Events[random.Next(raw.Events.Count)].Time
                : first + TimeSpan.FromMicroseconds(random.NextInt64((long)(last - first).TotalMicroseconds));
            var (at, pairs) = (ReplayFixture.Text(instant), raw.Memberships(instant));
            foreach (var group in year.Groups.Where(g => raw.Events.Any(e => e.Stream == g && e.Time <= instant)))
            {
                var direct = await year.Audited($"/groups/{group}/members?at={at}");
                Ids(direct["members"]!).ShouldBe(pairs.Where(p => p.Group == group).Select(p => p.Member), ignoreOrder: true, at);
                var nested = await year.Audited($"/groups/{group}/members?at={at}&nested=true");
                Ids(nested["members"]!).ShouldBe(RawHistory.Within(pairs, group), ignoreOrder: true, at);
                ((int)nested["count"]!).ShouldBe(RawHistory.Within(pairs, group).Count);
            }

            foreach (var user in year.Users.Where(u => raw.Events.Any(e => e.Stream == u && e.Time <= instant)).Take(4))
            {
                var groups = await year.Audited($"/users/{user}/groups?at={at}");
                Ids(groups["groups"]!).ShouldBe(year.Groups.Where(g => RawHistory.Within(pairs, g).Contains(user)), ignoreOrder: true, at);
            }
        }
    }

    [Fact]
    public async Task members_over_a_range_are_all_who_were_in_at_any_moment_of_it()
    {
        var raw = await RawHistory.Load(year.Database);
        var random = Seeded();
        for (var round = 0; round < 12; round++)
        {
            var times = new[] { raw.Events[random.Next(raw.Events.Count)].Time, raw.Events[random.Next(raw.Events.Count)].Time }.Order().ToArray();
            if (times[0] == times[1]) times[1] += TimeSpan.FromMicroseconds(1);
            var moments = raw.Events.Select(e => e.Time).Where(t => t > times[0] && t < times[1]).Prepend(times[0]).Distinct().Select(raw.Memberships).ToList();
            foreach (var group in year.Groups.Where(g => raw.Events.Any(e => e.Stream == g && e.Time < times[1])))
                foreach (var nested in new[] { false, true })
                {
                    var expected = moments.SelectMany(m => nested ? RawHistory.Within(m, group) : [.. m.Where(p => p.Group == group).Select(p => p.Member)])
                        .ToHashSet();
                    var members = await All($"/groups/{group}/members?from={ReplayFixture.Text(times[0])}&to={ReplayFixture.Text(times[1])}&nested={(nested ? "true" : "false")}&count=3");
                    members.Select(m => (string)m["id"]!).ShouldBe(expected, ignoreOrder: true);
                    foreach (var interval in members.SelectMany(m => m["intervals"]!.AsArray()))
                    {
                        string.CompareOrdinal((string)interval!["from"]!, ReplayFixture.Text(times[1])).ShouldBeLessThan(0);
                        interval["added"]!["action"]!.GetValue<string>().ShouldBe("members.add");
                        if (interval["to"] is { } to) ((string)interval["removed"]!["time"]!).ShouldBe((string)to!);
                    }
                }
        }
    }

    [Fact]
    public async Task members_of_a_group_at_each_version_are_what_the_raw_events_say()
    {
        var raw = await RawHistory.Load(year.Database);
        foreach (var group in year.Groups)
            for (var version = 1; version <= raw.Events.Count(e => e.Stream == group); version++)
                Ids((await year.Audited($"/groups/{group}/members?version={version}"))["members"]!)
                    .ShouldBe(raw.MembersAtVersion(group, version), ignoreOrder: true, $"{group} v{version}");
    }

    [Fact]
    public async Task the_steps_of_a_history_are_linked_and_complete()
    {
        foreach (var user in year.Users)
        {
            var versions = await All($"/users/{user}/versions?count=2", "versions");
            versions.Select(v => (long)v["version"]!).ShouldBe(Enumerable.Range(1, (int)await year.VersionOf(user)).Select(n => (long)n));
            var address = (string?)versions[0]["href"];
            var steps = 0;
            for (JsonNode? step; address is not null; address = (string?)step["next"], steps++) step = await year.Audited(address["/api/audit".Length..]);
            steps.ShouldBe(versions.Count);
        }
    }

    [Fact]
    public async Task a_step_shows_what_was_sent_even_where_a_request_made_two_events()
    {
        var leaver = year.Users[5]; // active and title in one PATCH
        var versions = await All($"/users/{leaver}/versions", "versions");
        var twins = versions.GroupBy(v => (string)v["requestId"]!).Single(g => g.Count() == 2).ToList();
        foreach (var twin in twins)
        {
            var step = await year.Audited($"/users/{leaver}/versions/{twin["version"]}");
            step["request"]!["sent"]![0]!["value"]!["title"]!.GetValue<string>().ShouldBe("Gone");
        }
    }

    private static string Audit(Shown shown) => $"{shown.Endpoint.ToLowerInvariant()}/{shown.Id}";

    private static void Same(JsonNode past, Shown shown)
    {
        var expected = shown.Resource.DeepClone().AsObject();
        expected.Remove("groups");
        expected.Remove("members");
        expected["meta"]!.AsObject().Remove("location");
        past.ToJsonString().ShouldBe(expected.ToJsonString(), $"{shown.Endpoint}/{shown.Id} v{shown.Version}");
    }

    private static void MembersDiffer(JsonNode diff, RawHistory raw, string group, int from, int to)
    {
        HashSet<string> before = from == 0 ? [] : raw.MembersAtVersion(group, from), after = to == 0 ? [] : raw.MembersAtVersion(group, to);
        var changes = diff["members"]!["changes"]!.AsArray();
        changes.Where(c => (string)c!["op"]! == "add").Select(c => (string)c!["id"]!).ShouldBe(after.Except(before), ignoreOrder: true);
        changes.Where(c => (string)c!["op"]! == "remove").Select(c => (string)c!["id"]!).ShouldBe(before.Except(after), ignoreOrder: true);
    }

    private async Task<List<JsonNode>> All(string path, string list = "members")
    {
        var items = new List<JsonNode>();
        for (var cursor = ""; ;)
        {
            var page = await year.Audited(cursor.Length == 0 ? path : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={cursor}");
            items.AddRange(page[list]!.AsArray().Select(m => m!));
            if (page["nextCursor"] is not { } next) return items;
            cursor = (string)next!;
        }
    }

    private static List<(string, string)> Values(JsonArray changes, string side) =>
        [.. changes.Where(c => c![side] is not null).Select(c => ((string)c!["path"]!, RawHistory.Canonical(c[side]!)))];

    private static List<(string, string)> Without(List<(string Path, string Value)> left, List<(string Path, string Value)> right)
    {
        var rest = left.ToList();
        foreach (var pair in right) rest.Remove(pair);
        return rest;
    }

    private static IEnumerable<string> Ids(JsonNode list) => list.AsArray().Select(m => (string)m!["id"]!);

    private static List<string> Listed(JsonNode list, Func<JsonNode, bool> which, string name) =>
        [.. list.AsArray().Where(g => which(g!)).Select(g => (string)g![name]!)];

    private static Random Seeded() => new(RandomAttributes.NewSeed());
}

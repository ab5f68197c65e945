using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class AuditWalkTests(AuditStory story) : IClassFixture<AuditStory>
{
    [Fact]
    public async Task a_walk_shows_what_was_there_when_it_began_and_not_a_commit_that_came_late()
    {
        var early = await Create("early@example.com");
        await using var late = await story.BeginCreate("late@example.com");
        var one = await Create("one@example.com");
        var two = await Create("two@example.com");

        var first = (await story.Audit("/entries?action=create&count=1")).Body!;
        AuditStory.Sequences(first["entries"]!.AsArray()).ShouldBe([two]);
        await late.Commit();
        await Create("three@example.com");
        var second = (await story.Audit($"/entries?action=create&count=2&cursor={first["nextCursor"]}")).Body!;

        AuditStory.Sequences(second["entries"]!.AsArray()).ShouldBe([one, early]);
        second["upperSequence"]!.ToString().ShouldBe(two.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await story.Entries("targetName=late@example.com")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_tail_waits_for_a_transaction_that_is_open_and_then_misses_nothing()
    {
        var start = await Tail(0);
        await using var late = await story.BeginCreate("tail-late@example.com");
        var later = new[] { await Create("tail-1@example.com"), await Create("tail-2@example.com") };

        var held = await Tail(start.After);
        held.Names.ShouldBeEmpty();
        held.After.ShouldBeLessThan(later[0]);
        await late.Commit();
        var rest = await Tail(held.After);

        rest.Names.ShouldBe(["tail-late@example.com", "tail-1@example.com", "tail-2@example.com"]);
        rest.After.ShouldBe(later[1]);
    }

    [Fact]
    public async Task a_tail_is_not_held_up_by_who_rolls_back()
    {
        var start = await Tail(0);
        await using (await story.BeginCreate("tail-never@example.com")) await Create("tail-3@example.com");

        var rest = await Tail(start.After);

        rest.Names.ShouldBe(["tail-3@example.com"]);
    }

    [Fact]
    public async Task a_tail_goes_on_behind_what_the_filter_leaves_out()
    {
        var start = await Tail(0);
        var created = await Create("tail-4@example.com");

        var rest = await Tail(start.After, "&action=delete");

        rest.Names.ShouldBeEmpty();
        rest.After.ShouldBe(created);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    public async Task a_cursor_that_was_made_up_is_refused(string end) => await Refused($"/entries?cursor=x{end}");

    [Fact]
    public async Task a_cursor_is_bound_to_its_search_and_every_character_of_it_counts()
    {
        await Create("cursor-1@example.com");
        await Create("cursor-2@example.com");
        var cursor = (string)(await story.Audit("/entries?action=create&count=1")).Body!["nextCursor"]!;

        (await story.Audit($"/entries?action=create&count=5&cursor={cursor}")).Status.ShouldBe(200);
        await Refused($"/entries?action=delete&cursor={cursor}");
        await Refused($"/entries?cursor={cursor}");
        await Refused($"/requests?cursor={cursor}");
        for (var i = 0; i < cursor.Length - 1; i++)
            await Refused($"/entries?action=create&cursor={cursor[..i]}{(cursor[i] == 'A' ? 'B' : 'A')}{cursor[(i + 1)..]}");
    }

    private async Task Refused(string path)
    {
        var answer = await story.Audit(path);
        answer.Status.ShouldBe(400, path);
        answer.Text.ShouldContain("urn:directory:error:invalidCursor");
    }

    private async Task<long> Create(string userName)
    {
        var user = await story.Accepted("POST", "/Users", Some.User(userName));
        return await story.Scalar<long>("select seq from audit_entry where stream_id = $1", Guid.Parse(user.Id));
    }

    private async Task<(string[] Names, long After)> Tail(long after, string filter = "")
    {
        var answer = await story.Audit($"/entries?after={after}&count=1000{filter}");
        answer.Status.ShouldBe(200, answer.Text);
        return ([.. answer.Body!["entries"]!.AsArray().Select(e => (string)e!["target"]!["name"]!)], (long)answer.Body["after"]!);
    }
}

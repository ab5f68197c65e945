using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

public sealed class ConcurrencyTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    private const string LiveStreams = "select count(*) from mt_streams s where exists "
        + "(select from mt_events e where e.stream_id = s.id and e.type <> 'tombstone')";

    private const string LiveEvents = "select count(*) from mt_events where type <> 'tombstone'";

    [Fact]
    public async Task of_fifty_creations_of_one_userName_one_succeeds_and_nothing_is_left_of_the_others()
    {
        var (streams, events) = (await directory.Scalar<long>(LiveStreams), await directory.Scalar<long>(LiveEvents));
        var names = Enumerable.Range(0, 50).Select(i => string.Concat("race-kelvin@example.com"
            .Select((c, at) => at == 5 && i % 7 == 0 ? '\u212a' : ((i >> (at % 6)) & 1) == 1 ? char.ToUpperInvariant(c) : c)));

        var answers = await Task.WhenAll(names.Select(name => directory.Scim("POST", "/Users", Some.User(name))));

        answers.Count(a => a.Status == 201).ShouldBe(1);
        var refused = answers.Where(a => a.Status != 201).ToList();
        refused.ShouldAllBe(a => a.Status == 409 && a.ScimType == "uniqueness");
        (await directory.Scalar<long>(LiveStreams)).ShouldBe(streams + 1);
        (await directory.Scalar<long>(LiveEvents)).ShouldBe(events + 1);
        (await directory.Scalar<long>("select count(*) from scim_user where user_name_key = 'race-kelvin@example.com'")).ShouldBe(1);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task eight_writers_of_one_group_lose_nothing()
    {
        const int writers = 8, each = 10;
        var users = new List<string>();
        for (var i = 0; i < writers * each; i++)
            users.Add((await directory.Scim("POST", "/Users", Some.User($"crowd-{i:D3}"))).Id);
        var group = (await directory.Scim("POST", "/Groups", Some.Group("Crowd", users[0]))).Id;

        // Each writer adds its own ten one by one, in between takes one out and puts it in again, and renames the group to itself.
        var answers = await Task.WhenAll(users.Chunk(each).Select(async own =>
        {
            var statuses = new List<int>();
            foreach (var user in own)
            {
                statuses.Add((await Patch(group, Some.Patch("add", "members", Some.Members(user)))).Status);
                statuses.Add((await Patch(group, Some.Patch("remove", $"members[value eq \"{user}\"]"))).Status);
                statuses.Add((await Patch(group, Some.Patch("add", "members", Some.Members(user)))).Status);
                statuses.Add((await Patch(group, Some.Patch("replace", null, new JsonObject { ["displayName"] = "Crowd" }))).Status);
            }

            return statuses;
        }));

        answers.SelectMany(a => a).ShouldAllBe(status => status == 204);
        var members = (await directory.Scim("GET", $"/Groups/{group}")).Body!["members"]!.AsArray().Select(m => (string)m!["value"]!);
        members.ShouldBe(users, ignoreOrder: true);
        // Four requests for each user, each with its event, the creation with two; only the very first addition changed nothing.
        (await directory.Scalar<long>("select count(*) from mt_events where stream_id = $1", Guid.Parse(group))).ShouldBe(2 + 4 * writers * each);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task writers_of_two_groups_and_their_members_do_not_block_each_other_for_good()
    {
        var users = new List<string>();
        for (var i = 0; i < 6; i++) users.Add((await directory.Scim("POST", "/Users", Some.User($"lock-{i}"))).Id);
        var groups = new List<string>();
        for (var i = 0; i < 3; i++) groups.Add((await directory.Scim("POST", "/Groups", Some.Group($"Lock {i}"))).Id);

        // The same rows in opposite orders: members of groups, groups of groups, and renames that touch the rows of memberships.
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 4) switch
        {
            0 => Patch(groups[i % 3], Some.Patch("replace", "members", Some.Members([.. users]))),
            1 => Patch(groups[i % 3], Some.Patch("replace", "members", Some.Members([.. users.AsEnumerable().Reverse()]))),
            2 => directory.Scim("PATCH", $"/Users/{users[i % 6]}", Some.Patch("replace", "displayName", $"Name {i}")),
            _ => Patch(groups[i % 3], Some.Patch("remove", "members")),
        }));

        answers.ShouldAllBe(a => a.Status == 200 || a.Status == 204);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task two_groups_that_are_put_into_each_other_at_once_do_not_form_a_circle()
    {
        for (var round = 0; round < 10; round++)
        {
            var one = (await directory.Scim("POST", "/Groups", Some.Group($"Circle one {round}"))).Id;
            var two = (await directory.Scim("POST", "/Groups", Some.Group($"Circle two {round}"))).Id;

            var answers = await Task.WhenAll(
                Patch(one, Some.Patch("add", "members", Some.Members(two))), Patch(two, Some.Patch("add", "members", Some.Members(one))));

            answers.Select(a => a.Status).ShouldBe([204, 400], ignoreOrder: true, $"round {round}");
        }
    }

    [Theory]
    [InlineData("/Users")]
    [InlineData("/Groups")]
    public async Task who_is_deleted_while_added_is_no_member_afterwards(string path)
    {
        for (var round = 0; round < 10; round++)
        {
            var name = $"Fleeting {path} {round}";
            var member = (await directory.Scim("POST", path, path == "/Users" ? Some.User(name) : Some.Group(name))).Id;
            var group = (await directory.Scim("POST", "/Groups", Some.Group($"{name} group"))).Id;

            var answers = await Task.WhenAll(
                directory.Scim("DELETE", $"{path}/{member}"), Patch(group, Some.Patch("add", "members", Some.Members(member))));

            answers[0].Status.ShouldBe(204);
            answers[1].Status.ShouldBeOneOf(204, 400);
            (await directory.Scim("GET", $"/Groups/{group}")).Body!["members"].ShouldBeNull($"round {round}, {answers[1].Status}");
        }

        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task a_rename_frees_the_old_name_at_once()
    {
        var first = (await directory.Scim("POST", "/Users", Some.User("freed@example.com"))).Id;
        (await directory.Scim("PATCH", $"/Users/{first}", Some.Patch("replace", "userName", "moved@example.com"))).Status.ShouldBe(200);

        var second = await directory.Scim("POST", "/Users", Some.User("Freed@example.com"));

        second.Status.ShouldBe(201, second.Text);
        second.Id.ShouldNotBe(first);
        (await directory.Scim("DELETE", $"/Users/{second.Id}")).Status.ShouldBe(204);
        (await directory.Scim("PATCH", $"/Users/{first}", Some.Patch("replace", "userName", "freed@example.com"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task of_many_writers_with_one_If_Match_one_succeeds()
    {
        var created = await directory.Scim("POST", "/Users", Some.User("precondition@example.com"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => directory.Scim(
            "PATCH", $"/Users/{created.Id}", Some.Patch("replace", "title", $"Title {i}"), ("If-Match", created.Header("ETag")!))));

        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 412).ShouldBe(19);
        var read = await directory.Scim("GET", $"/Users/{created.Id}");
        read.Text.ShouldBe(answers.Single(a => a.Status == 200).Text);
    }

    [Fact]
    public async Task the_same_request_several_times_at_once_is_done_once()
    {
        var user = (await directory.Scim("POST", "/Users", Some.User("repeated@example.com"))).Id;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => directory.Scim(
            "PATCH", $"/Users/{user}", Some.Patch("replace", null, new JsonObject { ["active"] = false }))));

        answers.ShouldAllBe(a => a.Status == 200);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await directory.Scalar<long>(
            "select count(*) from mt_events where stream_id = $1 and type = 'user_deactivated'", Guid.Parse(user))).ShouldBe(1);
    }

    private Task<ScimAnswer> Patch(string group, JsonObject patch) => directory.Scim("PATCH", $"/Groups/{group}", patch);
}

using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

public sealed class NestedGroupTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Fact]
    public async Task a_user_is_shown_in_its_groups_and_in_those_that_contain_them()
    {
        var user = await User();
        var other = await User();
        var team = await Group("Team", user);
        var unit = await Group("Unit", team, other);
        var company = await Group("Company", unit);
        var direct = await Group("Both", unit, user);
        await Group("Unrelated", other);

        var expected = new[] { ("Both", direct, "direct"), ("Company", company, "indirect"), ("Team", team, "direct"), ("Unit", unit, "indirect") };
        (await Groups(user)).ShouldBe(expected);
        var listed = (await directory.Scim("GET", $"/Users?filter=id%20eq%20%22{user}%22")).Resources[0]!["groups"]!.AsArray();
        listed.Select(g => (string)g!["display"]!).ShouldBe(expected.Select(g => g.Item1));
        ((string)listed[0]!["$ref"]!).ShouldEndWith($"/Groups/{direct}");
        var patched = await directory.Scim("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "x"));
        patched.Body!["groups"]!.AsArray().Count.ShouldBe(4);

        foreach (var (_, id, type) in expected)
        {
            (await Found($"groups.value eq \"{id}\"")).ShouldContain(user);
            (await Found($"groups[value eq \"{id}\" and type eq \"{type}\"]")).ShouldContain(user);
            (await Found($"groups[value eq \"{id}\" and type ne \"{type}\"]")).ShouldNotContain(user);
        }

        (await Found("groups.type eq \"indirect\"")).ShouldContain(user);

        await directory.Scim("PATCH", $"/Groups/{unit}", Some.Patch("remove", $"members[value eq \"{team}\"]"));
        (await Groups(user)).ShouldBe([("Both", direct, "direct"), ("Team", team, "direct")]);
        await directory.Scim("DELETE", $"/Groups/{direct}");
        (await Groups(user)).ShouldBe([("Team", team, "direct")]);
    }

    [Fact]
    public async Task a_group_cannot_contain_itself_at_any_depth()
    {
        var inner = await Group("Inner");
        var middle = await Group("Middle", inner);
        var outer = await Group("Outer", middle);
        foreach (var above in new[] { inner, middle, outer })
        {
            var answer = await directory.Scim("PATCH", $"/Groups/{inner}", Some.Patch("add", "members", Some.Members(above)));
            (answer.Status, answer.ScimType).ShouldBe((400, "invalidValue"), answer.Text);
        }

        (await directory.Scim("PATCH", $"/Groups/{outer}", Some.Patch("add", "members", Some.Members(inner)))).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task groups_that_add_each_other_in_a_ring_at_the_same_moment_leave_no_ring(int size)
    {
        for (var round = 0; round < 8; round++)
        {
            var ring = new List<string>();
            for (var i = 0; i < size; i++) ring.Add(await Group($"Ring {Guid.NewGuid():n}"));
            var answers = await Task.WhenAll(ring.Select((group, i) =>
                directory.Scim("PATCH", $"/Groups/{group}", Some.Patch("add", "members", Some.Members(ring[(i + 1) % size])))));
            answers.Count(a => a.Status == 204).ShouldBe(size - 1, string.Join('\n', answers.AsEnumerable()));
            answers.Count(a => a.ScimType == "invalidValue").ShouldBe(1, string.Join('\n', answers.AsEnumerable()));
        }
    }

    [Fact]
    public async Task rings_over_groups_that_were_nested_before_are_refused_too()
    {
        for (var round = 0; round < 8; round++)
        {
            // a and c are locked by different requests; the ring would close over b and d, which no request touches.
            var (b, d) = (await Group($"b {Guid.NewGuid():n}"), await Group($"d {Guid.NewGuid():n}"));
            var (a, c) = (await Group($"a {Guid.NewGuid():n}"), await Group($"c {Guid.NewGuid():n}"));
            await directory.Scim("PATCH", $"/Groups/{b}", Some.Patch("add", "members", Some.Members(c)));
            await directory.Scim("PATCH", $"/Groups/{d}", Some.Patch("add", "members", Some.Members(a)));
            var answers = await Task.WhenAll(
                directory.Scim("PATCH", $"/Groups/{a}", Some.Patch("add", "members", Some.Members(b))),
                directory.Scim("PATCH", $"/Groups/{c}", Some.Patch("add", "members", Some.Members(d))));
            answers.Select(answer => answer.Status).Order().ShouldBe([204, 400]);
        }
    }

    [Fact]
    public async Task a_group_deleted_while_it_is_added_leaves_no_member_behind()
    {
        for (var round = 0; round < 10; round++)
        {
            var (outer, inner) = (await Group($"o {Guid.NewGuid():n}"), await Group($"i {Guid.NewGuid():n}"));
            await Task.WhenAll(
                directory.Scim("PATCH", $"/Groups/{outer}", Some.Patch("add", "members", Some.Members(inner))),
                directory.Scim("DELETE", $"/Groups/{inner}"));
            (await directory.Scim("GET", $"/Groups/{outer}")).Body!.AsObject().ContainsKey("members").ShouldBeFalse();
        }
    }

    private async Task<string> User() => (await directory.Scim("POST", "/Users", Some.User($"{Guid.NewGuid():n}@example.com"))).Id;

    private async Task<string> Group(string name, params string[] members) => (await directory.Scim("POST", "/Groups", Some.Group(name, members))).Id;

    private async Task<IEnumerable<(string, string, string)>> Groups(string user) =>
        ((await directory.Scim("GET", $"/Users/{user}")).Body!["groups"]?.AsArray() ?? [])
            .Select(g => ((string)g!["display"]!, (string)g["value"]!, (string)g["type"]!)).ToArray();

    private async Task<IEnumerable<string>> Found(string filter) =>
        (await directory.Scim("GET", $"/Users?filter={Uri.EscapeDataString(filter)}")).Resources.Select(r => (string)r!["id"]!);
}

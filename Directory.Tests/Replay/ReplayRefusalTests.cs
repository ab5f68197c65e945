using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>Who may see and restore the past, and what is no place in it.</summary>
public sealed class ReplayRefusalTests(ReplayFixture directory) : IClassFixture<ReplayFixture>
{
    [Theory]
    [InlineData("/users/ID/as-of", 400)]
    [InlineData("/users/ID/as-of?at=2999-01-01T00:00:00Z", 400)]
    [InlineData("/users/ID/as-of?at=2001-01-01T00:00:00Z", 404)]
    [InlineData("/users/ID/as-of?at=2001-13-01", 400)]
    [InlineData("/users/ID/versions/1", 200)]
    [InlineData("/users/ID/versions/v1", 200)]
    [InlineData("/users/ID/versions/0", 404)]
    [InlineData("/users/ID/versions/2", 404)]
    [InlineData("/users/ID/versions/-1", 404)]
    [InlineData("/users/ID/versions/99999999999999999999", 404)]
    [InlineData("/groups/ID/versions/1", 404)]
    [InlineData("/groups/ID/members", 404)]
    [InlineData("/users/GROUP/versions", 404)]
    [InlineData("/users/nobody/versions", 404)]
    [InlineData("/users/00000000-0000-7000-8000-000000000000/versions", 404)]
    [InlineData("/users/00000000-0000-7000-8000-000000000000/diff?from=0", 404)]
    [InlineData("/users/ID/diff", 400)]
    [InlineData("/users/ID/diff?from=0&to=1", 200)]
    [InlineData("/users/ID/diff?from=0&to=2", 404)]
    [InlineData("/users/ID/diff?from=soon", 400)]
    [InlineData("/users/ID/groups?at=2001-01-01T00:00:00Z", 404)]
    [InlineData("/users/ID/groups?to=2001-01-01T00:00:00Z", 400)]
    [InlineData("/groups/GROUP/members?from=2020-01-01T00:00:00Z&to=2019-01-01T00:00:00Z", 400)]
    [InlineData("/groups/GROUP/members?at=2020-01-01T00:00:00Z&from=2019-01-01T00:00:00Z", 400)]
    [InlineData("/groups/GROUP/members?nested=perhaps", 400)]
    [InlineData("/groups/GROUP/members?version=1&nested=true", 400)]
    [InlineData("/groups/GROUP/members?cursor=abc", 400)]
    [InlineData("/groups/GROUP/members?count=0", 400)]
    [InlineData("/groups/GROUP/members", 200)]
    [InlineData("/connections/any/changes", 400)]
    [InlineData("/connections/any/changes?from=2020-01-01T00:00:00Z", 200)]
    public async Task what_is_no_place_in_a_history_is_refused(string path, int status)
    {
        var user = await directory.Write("POST", "/Users", Some.User($"u{Guid.NewGuid():N}@example.com"));
        var group = await directory.Write("POST", "/Groups", Some.Group($"g{Guid.NewGuid():N}", user));

        var answer = await directory.Audit(path.Replace("ID", user, StringComparison.Ordinal).Replace("GROUP", group, StringComparison.Ordinal));

        answer.Status.ShouldBe(status, answer.ToString());
    }

    [Fact]
    public async Task a_cursor_means_something_in_its_own_list_only()
    {
        var users = new List<string>();
        for (var i = 0; i < 3; i++) users.Add(await directory.Write("POST", "/Users", Some.User($"c{i}{Guid.NewGuid():N}@example.com")));
        var one = await directory.Write("POST", "/Groups", Some.Group($"one{Guid.NewGuid():N}", [.. users]));
        var two = await directory.Write("POST", "/Groups", Some.Group($"two{Guid.NewGuid():N}", [.. users]));
        var cursor = (string)(await directory.Audited($"/groups/{one}/members?count=2"))["nextCursor"]!;

        (await directory.Audited($"/groups/{one}/members?count=1&cursor={cursor}"))["members"]!.AsArray().Count.ShouldBe(1);
        (await directory.Audit($"/groups/{two}/members?count=2&cursor={cursor}")).Status.ShouldBe(400);
        (await directory.Audit($"/groups/{one}/members?nested=true&cursor={cursor}")).Status.ShouldBe(400);
        (await directory.Audit($"/groups/{one}/members?cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task each_token_opens_its_own_doors_only()
    {
        var user = await directory.Write("POST", "/Users", Some.User($"d{Guid.NewGuid():N}@example.com"));
        foreach (var path in new[]
        {
            $"/api/admin/users/{user}/restore", $"/api/admin/users/{user}/restore/preview", $"/api/admin/groups/{user}/restore",
            $"/api/admin/groups/{user}/restore/preview", "/api/admin/connections/x/undo", "/api/admin/connections/x/undo/preview", "/api/admin/preview",
        })
        {
            (await directory.Send("POST", path, "{}")).Status.ShouldBe(401, path);
            foreach (var token in new[] { directory.ScimToken, directory.AuditToken })
                (await directory.Send("POST", path, "{}", ("Authorization", $"Bearer {token}"))).Status.ShouldBe(403, path);
        }

        foreach (var path in new[]
        {
            "versions", "versions/1", "as-of?at=2020-01-01T00:00:00Z", "diff?from=0", "groups",
        })
            foreach (var token in new[] { directory.ScimToken, directory.AdminToken })
                (await directory.Send("GET", $"/api/audit/users/{user}/{path}", null, ("Authorization", $"Bearer {token}"))).Status.ShouldBe(403, path);
        (await directory.Send("GET", "/api/scim/v2/Users", null, ("Authorization", $"Bearer {directory.AdminToken}"))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task a_deleted_user_is_shown_as_such_and_as_it_was_last()
    {
        var user = await directory.Write("POST", "/Users", Some.User($"e{Guid.NewGuid():N}@example.com", ("title", "Last")));
        await directory.Write("POST", "/Groups", Some.Group($"h{Guid.NewGuid():N}", user));
        await directory.Write("DELETE", $"/Users/{user}");

        var step = await directory.Audited($"/users/{user}/versions/2");

        (step["deleted"]!.GetValue<bool>(), step["active"]!.GetValue<bool>()).ShouldBe((true, false));
        step["resource"]!["title"]!.GetValue<string>().ShouldBe("Last");
        step["groups"]!.AsArray().ShouldBeEmpty();
        step["entry"]!["action"]!.GetValue<string>().ShouldBe("delete");
        (await directory.Audited($"/users/{user}/versions/1"))["next"]!.GetValue<string>().ShouldBe($"/api/audit/users/{user}/versions/2");
    }

    [Fact]
    public async Task an_erased_person_is_not_brought_back_and_not_shown()
    {
        var name = $"erased{Guid.NewGuid():N}@example.com";
        var user = await directory.Write("POST", "/Users", Some.User(name, ("title", "Secret title")));
        await directory.Write("POST", "/Groups", Some.Group($"f{Guid.NewGuid():N}", user));
        await directory.Write("PATCH", $"/Users/{user}", Some.Patch("replace", "title", "Other title"));
        await directory.Administered($"/users/{user}/erase", new JsonObject { ["reason"] = "asked for" });

        (await directory.Admin($"/users/{user}/restore", new JsonObject { ["version"] = 1 })).Status.ShouldBe(404);
        foreach (var path in new[] { "versions", "versions/1", "versions/2", "versions/3", "versions/4", "diff?from=0", "diff?from=1&to=2", "groups?from=2020-01-01T00:00:00Z" })
        {
            var past = await directory.Audit($"/users/{user}/{path}");
            past.Status.ShouldBe(200, past.ToString());
            past.Text.ShouldNotContain(name);
            past.Text.ShouldNotContain("Secret title");
            past.Text.ShouldNotContain("Other title");
        }
    }

    [Fact]
    public async Task undoing_leaves_and_lists_what_others_changed_later_and_what_was_created()
    {
        var kept = await directory.Write("POST", "/Users", Some.User($"k{Guid.NewGuid():N}@example.com", ("title", "A")));
        var from = await directory.LastEventTime() + TimeSpan.FromMicroseconds(1);
        await directory.Write("PATCH", $"/Users/{kept}", Some.Patch("replace", "title", "B"));
        await directory.Write("PATCH", $"/Users/{kept}", Some.Patch("replace", "nickName", "N"));
        var created = await directory.Write("POST", "/Users", Some.User($"n{Guid.NewGuid():N}@example.com"));
        var to = await directory.LastEventTime() + TimeSpan.FromMicroseconds(1);
        (await directory.ByPayroll("PATCH", $"/Users/{kept}", Some.Patch("replace", "title", "C"))).Status.ShouldBe(200);

        var report = await directory.Administered($"/connections/{directory.Okta}/undo", new JsonObject
        {
            ["from"] = ReplayFixture.Text(from),
            ["to"] = ReplayFixture.Text(to),
        });

        report["undone"]!.AsArray().ShouldHaveSingleItem()!["changes"]!.ToJsonString()
            .ShouldBe("""[{"path":"nickName","op":"remove","before":"N","after":null}]""");
        report["notUndone"]!.AsArray().Select(n => ((string)n!["id"]!, (string?)n["path"], (string)n["reason"]!))
            .ShouldBe([(kept, "title", "changedLater"), (created, null, "createdInWindow")], ignoreOrder: true);
        (await directory.Scim("GET", $"/Users/{kept}")).Body!["title"]!.GetValue<string>().ShouldBe("C");
        (await directory.Scim("GET", $"/Users/{created}")).Status.ShouldBe(200);
    }
}

using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>Restoring users and groups, each test with resources of its own.</summary>
public sealed class RestoreTests(ReplayFixture directory) : IClassFixture<ReplayFixture>
{
    [Fact]
    public async Task a_deleted_user_comes_back_under_the_same_id_as_it_was_last()
    {
        var (id, before) = await NewUser("back@example.com");
        await directory.Write("DELETE", $"/Users/{id}");

        var restored = await directory.Administered($"/users/{id}/restore", new JsonObject());

        restored["undeleted"]!.GetValue<bool>().ShouldBeTrue();
        restored["fromVersion"]!.GetValue<long>().ShouldBe(1);
        var now = (await directory.Scim("GET", $"/Users/{id}")).Body!.AsObject();
        Bare(now).ShouldBe(Bare(before));
    }

    [Fact]
    public async Task a_restoration_is_appended_and_rewrites_nothing()
    {
        var (id, _) = await NewUser("appended@example.com");
        await directory.Write("PATCH", $"/Users/{id}", Some.Patch("replace", "title", "Two"));
        var before = await History(id);

        await directory.Administered($"/users/{id}/restore", new JsonObject { ["version"] = 1 });

        var after = await History(id);
        after.Count.ShouldBe(before.Count + 1);
        after.Take(before.Count).ShouldBe(before);
        var entry = (await directory.Audited($"/users/{id}/timeline"))["entries"]!.AsArray()[^1]!;
        entry["sentence"]!.GetValue<string>().ShouldBe("Root restored appended@example.com: removed title \"Two\"");
        entry["actor"]!["kind"]!.GetValue<string>().ShouldBe("admin");
    }

    [Fact]
    public async Task a_name_that_was_taken_meanwhile_is_a_conflict_and_the_user_stays_deleted()
    {
        var (id, _) = await NewUser("taken@example.com");
        await directory.Write("DELETE", $"/Users/{id}");
        await NewUser("TAKEN@example.com");

        foreach (var path in new[] { "restore", "restore/preview" })
        {
            var refused = await directory.Admin($"/users/{id}/{path}", new JsonObject());
            refused.Status.ShouldBe(409, refused.ToString());
            refused.Body!["type"]!.GetValue<string>().ShouldBe("urn:directory:error:uniqueness");
        }

        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task a_user_is_brought_back_to_a_version_with_active()
    {
        var (id, before) = await NewUser("version@example.com");
        await directory.Write("PATCH", $"/Users/{id}", Some.Patch("replace", null, new JsonObject { ["active"] = false, ["title"] = "Gone" }));

        var restored = await directory.Administered($"/users/{id}/restore", new JsonObject { ["version"] = 1 });

        restored["changes"]!.AsArray().Select(c => (string)c!["path"]!).ShouldBe(["title", "active"], ignoreOrder: true);
        Bare((await directory.Scim("GET", $"/Users/{id}")).Body!.AsObject()).ShouldBe(Bare(before));
    }

    [Fact]
    public async Task a_user_is_brought_back_to_an_instant()
    {
        var (id, before) = await NewUser("instant@example.com");
        var at = await directory.LastEventTime();
        await directory.Write("PATCH", $"/Users/{id}", Some.Patch("replace", "userName", "later@example.com"));

        await directory.Administered($"/users/{id}/restore", new JsonObject { ["at"] = ReplayFixture.Text(at) });

        Bare((await directory.Scim("GET", $"/Users/{id}")).Body!.AsObject()).ShouldBe(Bare(before));
    }

    [Fact]
    public async Task restoring_what_is_so_already_appends_nothing()
    {
        var (id, _) = await NewUser("already@example.com");
        var events = await directory.Events();

        var restored = await directory.Administered($"/users/{id}/restore", new JsonObject { ["version"] = 1 });

        restored["changed"]!.GetValue<bool>().ShouldBeFalse();
        (await directory.Events()).ShouldBe(events);
    }

    [Fact]
    public async Task a_preview_tells_the_changes_and_appends_nothing()
    {
        var (id, _) = await NewUser("preview@example.com");
        var group = await directory.Write("POST", "/Groups", Some.Group("Preview", id));
        await directory.Write("PATCH", $"/Users/{id}", Some.Patch("replace", "title", "New"));
        await directory.Write("DELETE", $"/Users/{id}");
        var (events, last) = (await directory.Events(), await directory.Scalar<long>("select last_value from mt_events_sequence"));

        var preview = await directory.Administered($"/users/{id}/restore/preview", new JsonObject { ["version"] = 1, ["memberships"] = true });

        preview["undeleted"]!.GetValue<bool>().ShouldBeTrue();
        preview["changes"]!.AsArray().ShouldHaveSingleItem()!["path"]!.GetValue<string>().ShouldBe("title");
        preview["memberships"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>().ShouldBe(group);
        (await directory.Events()).ShouldBe(events);
        (await directory.Scalar<long>("select last_value from mt_events_sequence")).ShouldBe(last);
        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task memberships_come_back_only_when_asked_for_and_only_into_groups_that_are_there()
    {
        var (quiet, _) = await NewUser("quiet@example.com");
        var (asked, _) = await NewUser("asked@example.com");
        var kept = await directory.Write("POST", "/Groups", Some.Group("Kept", quiet, asked));
        var gone = await directory.Write("POST", "/Groups", Some.Group("Gone", quiet, asked));
        await directory.Write("DELETE", $"/Users/{quiet}");
        await directory.Write("DELETE", $"/Users/{asked}");
        await directory.Write("DELETE", $"/Groups/{gone}");

        await directory.Administered($"/users/{quiet}/restore", new JsonObject());
        var restored = await directory.Administered($"/users/{asked}/restore", new JsonObject { ["memberships"] = true });

        var members = (await directory.Scim("GET", $"/Groups/{kept}")).Body!["members"]!.AsArray();
        members.Select(m => (string)m!["value"]!).ShouldBe([asked]);
        restored["memberships"]!.AsArray().Single(m => (string)m!["id"]! == gone)!["reason"]!.GetValue<string>().ShouldBe("The group is deleted.");
    }

    [Fact]
    public async Task a_deleted_group_comes_back_with_the_members_who_are_still_there()
    {
        var (stays, _) = await NewUser("stays@example.com");
        var (leaves, _) = await NewUser("leaves@example.com");
        var group = await directory.Write("POST", "/Groups", Some.Group("Returning", stays, leaves));
        await directory.Write("DELETE", $"/Groups/{group}");
        await directory.Write("DELETE", $"/Users/{leaves}");

        var restored = await directory.Administered($"/groups/{group}/restore", new JsonObject());

        restored["membersAdded"]!["count"]!.GetValue<int>().ShouldBe(1);
        restored["membersLeftOut"]!.AsArray().Select(m => (string)m!).ShouldBe([leaves]);
        (await directory.Scim("GET", $"/Groups/{group}")).Body!["members"]!.AsArray().Select(m => (string)m!["value"]!).ShouldBe([stays]);
    }

    [Fact]
    public async Task a_group_is_brought_back_to_a_version_with_its_members()
    {
        var (first, _) = await NewUser("first@example.com");
        var (second, _) = await NewUser("second@example.com");
        var group = await directory.Write("POST", "/Groups", Some.Group("Before", first));
        var version = await directory.VersionOf(group);
        await directory.Write("PUT", $"/Groups/{group}", Some.Group("After", second));

        await directory.Administered($"/groups/{group}/restore", new JsonObject { ["version"] = version });

        var now = (await directory.Scim("GET", $"/Groups/{group}")).Body!;
        now["displayName"]!.GetValue<string>().ShouldBe("Before");
        now["members"]!.AsArray().Select(m => (string)m!["value"]!).ShouldBe([first]);
    }

    [Fact]
    public async Task if_match_is_honoured()
    {
        var (id, _) = await NewUser("guarded@example.com");
        await directory.Write("PATCH", $"/Users/{id}", Some.Patch("replace", "title", "New"));

        var refused = await directory.Admin($"/users/{id}/restore", new JsonObject { ["version"] = 1 }, ("If-Match", "W/\"1\""));

        refused.Status.ShouldBe(412, refused.ToString());
    }

    [Theory]
    [InlineData("""{"version":0}""", 400)]
    [InlineData("""{"version":"1"}""", 400)]
    [InlineData("""{"version":99}""", 404)]
    [InlineData("""{"version":1,"at":"2026-01-01T00:00:00Z"}""", 400)]
    [InlineData("""{"at":"2999-01-01T00:00:00Z"}""", 400)]
    [InlineData("""{"at":"1999-01-01T00:00:00Z"}""", 404)]
    [InlineData("""{"at":"yesterday"}""", 400)]
    [InlineData("""{"versoin":1}""", 400)]
    [InlineData("""{"memberships":"yes"}""", 400)]
    [InlineData("{}", 400)]
    public async Task what_cannot_be_restored_is_refused(string body, int status)
    {
        var (id, _) = await NewUser($"refused{Guid.NewGuid():N}@example.com");

        (await directory.Admin($"/users/{id}/restore", JsonNode.Parse(body)!)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task a_version_at_which_the_user_was_deleted_cannot_be_restored()
    {
        var (id, _) = await NewUser("deletedthen@example.com");
        await directory.Write("DELETE", $"/Users/{id}");

        (await directory.Admin($"/users/{id}/restore", new JsonObject { ["version"] = 2 })).Status.ShouldBe(400);
    }

    private async Task<(string Id, JsonObject Shown)> NewUser(string userName)
    {
        var id = await directory.Write("POST", "/Users", Some.User(userName, ("displayName", userName)));
        return (id, (await directory.Scim("GET", $"/Users/{id}")).Body!.AsObject());
    }

    private async Task<List<string>> History(string id) =>
        [.. (await RawHistory.Load(directory.Database)).Events.Where(e => e.Stream == id).Select(e => $"{e.Sequence} {e.Type} {e.Time:O} {e.Data.ToJsonString()}")];

    private static string Bare(JsonObject resource)
    {
        var bare = resource.DeepClone().AsObject();
        bare.Remove("meta");
        bare.Remove("groups");
        return bare.ToJsonString();
    }
}

using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Imports;

/// <summary>An erased person is in no file that waits to be imported either.</summary>
public sealed class ImportErasureTests(KnownFixture directory) : IClassFixture<KnownFixture>
{
    [Fact]
    public async Task an_erasure_takes_the_person_out_of_files_that_wait()
    {
        var user = (await directory.Scim("POST", "/Users", Some.User("hopper@example.com", ("externalId", "staff-4711"),
            ("emails", new JsonArray(new JsonObject { ["value"] = "grace.hopper@example.org", ["type"] = "work" }))))).Id;
        (await directory.Scim("PATCH", $"/Users/{user}", Some.Patch("replace", "userName", "murray@example.com"))).Status.ShouldBe(200);
        var csv = await directory.Checked("""
            userName,externalId,emails,groups
            MURRAY@example.com,,,Waiting
            hopper@EXAMPLE.com,,,Waiting
            somebody1@example.com,staff-4711,,Waiting
            somebody2@example.com,,Grace.Hopper@example.org,Waiting
            bystander@example.com,staff-47110,other@example.org,Waiting
            """);
        var json = await directory.Checked($$$"""
            [
              {"id":"u-1","userName":"Hopper@example.com"},
              {"id":"u-2","userName":"bystander2@example.com"},
              {"displayName":"Waiting too","members":[{"value":"u-1"},{"value":"u-2"},{"value":"murray@example.com"},{"value":"{{{user}}}"}]}
            ]
            """, KnownFixture.Json);
        var faulty = await directory.Checked("userName,active\nmurray@example.com,true\nMURRAY@example.com,true\nbystander3@example.com,perhaps\n");
        var untouched = await directory.Checked("userName\nbystander4@example.com\n");
        string[] traces = ["hopper", "murray", "staff-4711\"", user];
        foreach (var trace in traces) (await Staged(trace)).ShouldBeGreaterThan(0, trace);

        (await directory.AsAdmin("POST", $"/users/{user}/erase", new JsonObject { ["reason"] = "asked for" })).Status.ShouldBe(200);

        foreach (var trace in traces) (await Staged(trace)).ShouldBe(0, trace);
        (await Records(csv), await Records(json), await Records(faulty), await Records(untouched)).ShouldBe((1, 2, 1, 1));
        (await directory.AsAdmin("POST", $"/imports/{csv["id"]}/run")).Status.ShouldBe(409, "it is not what was checked");
        ((string?)(await directory.Run(untouched))["state"]).ShouldBe("done");
        (await Imported(csv)).ShouldBe((1, 1));
        (await Imported(json)).ShouldBe((1, 1));
        ((long)(await CheckedAgain(faulty))["report"]!["errorCount"]!).ShouldBe(1);
        (await directory.Scalar<long>("select count(*) from scim_user where user_name ~* 'hopper|murray|somebody'")).ShouldBe(0);
        await Invariants.ShouldHold(directory);
    }

    private Task<long> Staged(string text) => directory.Scalar<long>("""
        select (select count(*) from import_record r where position(lower($1) in lower(r::text)) > 0)
            + (select count(*) from import i where position(lower($1) in lower(i::text)) > 0)
        """, text);

    private async Task<long> Records(JsonNode import) => (long)(await directory.AsAdmin("GET", $"/imports/{import["id"]}")).Body!["records"]!;

    private async Task<JsonNode> CheckedAgain(JsonNode import)
    {
        var check = await directory.AsAdmin("POST", $"/imports/{import["id"]}/check");
        check.Status.ShouldBe(202, check.Text);
        await directory.JobOver(check.Id);
        return (await directory.AsAdmin("GET", $"/imports/{import["id"]}")).Body!;
    }

    private async Task<(long Users, long Members)> Imported(JsonNode import)
    {
        var job = await directory.Run(await CheckedAgain(import));
        ((string?)job["state"]).ShouldBe("done", job.ToJsonString());
        return ((long)job["result"]!["usersCreated"]!, (long)job["result"]!["membersAdded"]!);
    }
}

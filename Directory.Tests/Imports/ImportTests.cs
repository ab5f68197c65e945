using System.Text;
using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Imports;

public sealed class ImportTests(KnownFixture directory) : IClassFixture<KnownFixture>
{
    private const string Secret = "canary-7f3a-secret";

    [Fact]
    public async Task a_thousand_users_with_their_groups_are_checked_then_imported_and_told_in_the_audit()
    {
        var file = new StringBuilder("userName,externalId,displayName,name.givenName,name.familyName,emails,emails.home,department,active,password,groups\r\n");
        for (var i = 1; i <= 1000; i++)
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"thousand{i}@example.com,t-{i},\"Number, {i}\",No,{i},thousand{i}@example.com,home{i}@example.com,Dept {i % 7},{(i % 10 == 0 ? "false" : "true")},{Secret},Thousand {i % 5};Thousand all\r\n");

        var import = await directory.Checked(file.ToString());

        var report = import["report"]!;
        ((long)report["errorCount"]!, (long)report["usersToCreate"]!, (long)report["groupsToCreate"]!, (long)report["memberships"]!).ShouldBe((0, 1000, 6, 2000));
        import["withheld"]!.AsArray().Select(w => (string?)w).ShouldBe(["password"]);
        (await Found("thousand")).ShouldBe(0);

        var job = await directory.Run(import);

        ((string?)job["state"]).ShouldBe("done", job.ToJsonString());
        ((long)job["done"]!).ShouldBe((long)job["total"]!);
        (await Found("thousand")).ShouldBe(1000);
        var user = (await directory.Scim("GET", "/Users?filter=userName eq \"THOUSAND10@example.com\"")).Resources.Single()!;
        ((string?)user["displayName"], (string?)user["externalId"], (bool?)user["active"]).ShouldBe(("Number, 10", "t-10", false));
        user["emails"]!.AsArray().Select(e => $"{e!["type"]} {e["value"]} {e["primary"]}").ShouldBe(["work thousand10@example.com true", "home home10@example.com "]);
        ((string?)user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]!["department"]).ShouldBe("Dept 3");
        user["groups"]!.AsArray().Select(g => (string?)g!["display"]).Order().ShouldBe(["Thousand 0", "Thousand all"]);
        (await directory.Scalar<long>("select count(*) from scim_user where user_name like 'thousand%' and managed_by is null")).ShouldBe(1000);

        var entries = (await directory.Audited($"/entries?requestId={job["requestId"]}&count=1000&includeNoOps=true&action=import"))["entries"]!.AsArray();
        ((string?)entries.Single()!["sentence"]).ShouldBe("Root imported 1000 users, 6 groups and 2000 memberships from " + import["id"] + "; the password it supplied was discarded");
        (await directory.Scalar<long>("select count(*) from audit_entry where request_id = $1 and actor_kind = 'admin'", (string)job["requestId"]!)).ShouldBe(1000 + 2 * 6 + 1);
        ((string?)(await directory.Audited($"/users/{user["id"]}/timeline"))["entries"]![0]!["sentence"]).ShouldBe("Root created thousand10@example.com; the password it supplied was discarded");
        (await Leaks()).ShouldBe(0);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task an_error_on_line_17_is_named_and_nothing_of_the_file_is_imported()
    {
        var lines = Enumerable.Range(1, 1000).Select(i => $"line{i}@example.com,{(i == 16 ? "perhaps" : "true")}");
        var import = await directory.Checked("userName,active\n" + string.Join('\n', lines));

        var error = import["report"]!["errors"]!.AsArray().Single()!;
        ((int)error["line"]!, (string?)error["attribute"]).ShouldBe((17, "active"));
        ((string?)error["message"])!.ShouldContain("active");

        var refusal = await directory.AsAdmin("POST", $"/imports/{import["id"]}/run");
        refusal.Status.ShouldBe(409);
        ((string?)refusal.Body!["detail"])!.ShouldContain("line 17");
        (await Found("line")).ShouldBe(0);
    }

    [Fact]
    public async Task every_fault_of_a_file_is_told_with_its_line_and_not_only_the_first()
    {
        (await directory.Scim("POST", "/Groups", Some.Group("Faults managed"))).Status.ShouldBe(201);
        var import = await directory.Checked("""
            userName,emails,active,groups
            fault1@example.com,a@example.com,true,
            FAULT1@example.com,,true,
            ,b@example.com,true,
            fault3@example.com,c@example.com,maybe,"Faults ‮"
            fault4@example.com,d@example.com,true,Faults managed
            fault5@example.com,d@example.com
            "fault6@
            example.com",e@example.com,true,
            fault7@example.com,e@example.com,true,
            fa"ult8@example.com,e@example.com,true,
            """);

        import["report"]!["errors"]!.AsArray().Select(e => $"{e!["line"]} {e["attribute"]}").ShouldBe(
            ["3 userName", "4 userName", "5 active", "5 groups", "6 groups", "7 ", "8 userName", "11 "]);
        (await directory.AsAdmin("POST", $"/imports/{import["id"]}/run")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task who_is_there_already_is_left_as_he_is_and_local_groups_get_who_is_missing()
    {
        (await directory.Scim("POST", "/Users", Some.User("again1@example.com", ("title", "By Okta")))).Status.ShouldBe(201);
        const string file = "userName,title,groups\nAGAIN1@example.com,By file,Again\nagain2@example.com,By file,Again\n";

        var first = await directory.Imported(file);
        var before = await directory.Events();
        var second = await directory.Imported(file.Replace("\nagain2", "\nagain3@example.com,By file,Again\nagain2", StringComparison.Ordinal));
        var third = await directory.Imported(file);

        ((long)first["usersCreated"]!, (long)first["usersThere"]!, (long)first["groupsCreated"]!, (long)first["membersAdded"]!).ShouldBe((1, 1, 1, 2));
        ((long)second["usersCreated"]!, (long)second["usersThere"]!, (long)second["groupsCreated"]!, (long)second["groupsExtended"]!, (long)second["membersAdded"]!).ShouldBe((1, 2, 0, 1, 1));
        ((long)third["usersCreated"]!, (long)third["membersAdded"]!).ShouldBe((0, 0));
        (await directory.Events() - before).ShouldBe(3 + 1); // a user, a member, and that either file was imported
        ((string?)(await directory.Scim("GET", "/Users?filter=userName eq \"again1@example.com\"")).Resources.Single()!["title"]).ShouldBe("By Okta");
        (await directory.Scalar<long>("select count(*) from group_member m join scim_group g on g.id = m.group_id where g.display_name = 'Again' and m.removed_at is null")).ShouldBe(3);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task an_array_of_resources_refers_to_itself_by_its_own_ids_and_to_the_directory()
    {
        var known = await directory.LocalUser("json-known@example.com");
        var result = await directory.Imported($$$"""
            [
              {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g-2","displayName":"Json outer",
               "members":[{"value":"g-1","type":"Group"},{"value":"{{{known}}}"},{"value":"json2@example.com"}]},
              {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u-1","userName":"json1@example.com","password":"{{{Secret}}}",
               "groups":[{"value":"g-1"}],"meta":{"resourceType":"User"}},
              {"userName":"json2@example.com","name":{"givenName":"Two"}},
              {"id":"g-1","displayName":"Json inner","members":[{"value":"u-1"}]}
            ]
            """, KnownFixture.Json);

        ((long)result["usersCreated"]!, (long)result["groupsCreated"]!, (long)result["membersAdded"]!).ShouldBe((2, 2, 4));
        var user = (await directory.Scim("GET", "/Users?filter=userName eq \"json1@example.com\"")).Resources.Single()!;
        user["groups"]!.AsArray().Select(g => $"{g!["display"]} {g["type"]}").Order().ShouldBe(["Json inner direct", "Json outer indirect"]);
        (await Leaks()).ShouldBe(0);
        await Invariants.ShouldHold(directory);
    }

    [Theory]
    [InlineData("{\"userName\":\"nd1@example.com\"}\n{\"userName\":\"nd2@example.com\",\"active\":7}\n", "2 active")]
    [InlineData("{\"userName\":\"nd1@example.com\"}\n\n{\"userName\":\"nd2@example.com\"\n", "4 ")]
    [InlineData("{\"userName\":\"nd1@example.com\"}\n[1]\n{\"userName\":\"nd1@example.com\",\"userName\":\"x\"}", "2 |3 ")]
    [InlineData("{\"displayName\":\"A\",\"members\":[{\"value\":\"B\",\"type\":\"Group\"}]}\n{\"displayName\":\"B\",\"members\":[{\"value\":\"A\",\"type\":\"Group\"}]}", "1 members")]
    [InlineData("{\"displayName\":\"A\",\"members\":[{\"value\":\"nobody\"}]}", "1 members")]
    [InlineData("", "1 ")]
    public async Task a_fault_in_json_is_told_with_its_line(string file, string errors)
    {
        var import = await directory.Checked(file, KnownFixture.NdJson);

        string.Join('|', import["report"]!["errors"]!.AsArray().Select(e => $"{e!["line"]} {e["attribute"]}")).ShouldBe(errors, import.ToJsonString());
        (await directory.AsAdmin("POST", $"/imports/{import["id"]}/run")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task a_list_response_and_a_form_are_taken_too()
    {
        var list = await directory.Imported("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"userName":"listed@example.com"}]}""", KnownFixture.Json);
        ((long)list["usersCreated"]!).ShouldBe(1);

        using var form = new MultipartFormDataContent { { new StringContent("x"), "other" }, { new StringContent("userName\nformed@example.com\n", Encoding.UTF8, "text/csv"), "file", "people <b>.csv" } };
        var answer = await directory.SendContent("POST", "/api/admin/imports", form, ("Authorization", $"Bearer {directory.AdminToken}"));
        answer.Status.ShouldBe(202, answer.Text);
        ((string?)answer.Body!["import"]!["fileName"]).ShouldBe("people <b>.csv");
        ((long)answer.Body["import"]!["records"]!).ShouldBe(1);
    }

    [Fact]
    public async Task what_is_no_such_file_is_refused_at_once()
    {
        (await directory.Upload("userName\nx\n", "application/xml")).Status.ShouldBe(415);
        var latin = new ByteArrayContent(Encoding.Latin1.GetBytes("userName\njosé@example.com\n"));
        latin.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        (await directory.SendContent("POST", "/api/admin/imports", latin, ("Authorization", $"Bearer {directory.AdminToken}"))).Status.ShouldBe(400);
        (await directory.Send("POST", "/api/admin/imports", "userName\nx\n", ("Authorization", $"Bearer {directory.AuditToken}"), ("Content-Type", "text/csv"))).Status.ShouldBe(403);
        (await directory.AsAdmin("GET", $"/imports/{Guid.NewGuid()}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task an_import_is_done_once_and_one_that_is_not_wanted_is_forgotten()
    {
        var import = await directory.Checked("userName\nonce@example.com\n");
        ((string?)(await directory.Run(import))["state"]).ShouldBe("done");
        (await directory.AsAdmin("POST", $"/imports/{import["id"]}/run")).Status.ShouldBe(409);
        (await directory.AsAdmin("DELETE", $"/imports/{import["id"]}")).Status.ShouldBe(409);
        (await directory.Scalar<long>("select count(*) from import_record where import_id = $1", Guid.Parse((string)import["id"]!))).ShouldBe(0);

        var unwanted = await directory.Checked("userName\nunwanted@example.com\n");
        (await directory.AsAdmin("DELETE", $"/imports/{unwanted["id"]}")).Status.ShouldBe(204);
        (await directory.AsAdmin("GET", $"/imports/{unwanted["id"]}")).Status.ShouldBe(404);
        (await directory.Scalar<long>("select count(*) from import_record where import_id = $1", Guid.Parse((string)unwanted["id"]!))).ShouldBe(0);
    }

    [Fact]
    public async Task a_name_that_was_taken_since_the_check_stays_whose_it_is_and_the_rest_is_imported()
    {
        var import = await directory.Checked("userName\nsince1@example.com\nsince2@example.com\n");
        (await directory.Scim("POST", "/Users", Some.User("since1@example.com"))).Status.ShouldBe(201);

        var job = await directory.Run(import);

        ((long)job["result"]!["usersCreated"]!, (long)job["result"]!["usersThere"]!).ShouldBe((1, 1));
        (await directory.Scalar<long>("select count(*) from scim_user where user_name = 'since1@example.com' and managed_by is not null")).ShouldBe(1);
    }

    private async Task<long> Found(string prefix) =>
        (long)(await directory.Scim("GET", $"/Users?filter=userName sw \"{prefix}\"&count=0")).Body!["totalResults"]!;

    private Task<long> Leaks() => directory.Scalar<long>($"""
        select (select count(*) from mt_events where data::text like '%{Secret}%') + (select count(*) from audit_entry a where a::text like '%{Secret}%')
            + (select count(*) from import i where i::text like '%{Secret}%') + (select count(*) from import_record r where r::text like '%{Secret}%')
            + (select count(*) from scim_user u where u::text like '%{Secret}%') + (select count(*) from job j where j::text like '%{Secret}%')
        """);
}

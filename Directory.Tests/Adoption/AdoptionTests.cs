using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Tests.Api;
using Directory.Tests.Imports;
using Shouldly;
using Xunit;

namespace Directory.Tests.Adoption;

/// <summary>How connections take over what was known before, over HTTP and as the audit tells it.</summary>
public sealed class AdoptionTests(KnownFixture directory) : IClassFixture<KnownFixture>
{
    [Fact]
    public async Task Okta_of_the_wizard_takes_over_by_lookup_and_put()
    {
        var id = await directory.LocalUser("wizard@example.com", ",displayName,title", ",W. Izard,Sir");
        (await directory.Timeline("users", id)).ShouldBe(["Root create"]);

        var found = (await directory.Scim("GET", "/Users?filter=userName eq \"wizard@example.com\"&startIndex=1&count=100")).Resources.Single()!.AsObject();
        var whole = (await directory.Scim("GET", $"/Users/{found["id"]}")).Body!.AsObject();
        whole["externalId"] = "00uwizard";
        whole["displayName"] = "Wiz Izard";
        whole.Remove("title");
        var answer = await directory.Scim("PUT", $"/Users/{id}", whole.DeepClone());

        answer.Status.ShouldBe(200, answer.Text);
        ((string?)answer.Body!["externalId"], answer.Body["title"]).ShouldBe(("00uwizard", null));
        (await ManagedBy("scim_user", id)).ShouldBe(directory.Okta.ToString());
        (await directory.Timeline("users", id)).ShouldBe(["Root create", "Okta adopt", "Okta replace"]);
        var entries = (await directory.Audited($"/users/{id}/timeline"))["entries"]!.AsArray();
        ((string?)entries[1]!["sentence"]).ShouldBe("Okta took over wizard@example.com, which was known before");
        ((string?)entries[1]!["request"]!["id"]).ShouldBe((string?)entries[2]!["request"]!["id"]);

        whole["displayName"] = "Again";
        (await directory.Scim("PUT", $"/Users/{id}", whole.DeepClone())).Status.ShouldBe(200);
        (await directory.Timeline("users", id)).Count(a => a == "Okta adopt").ShouldBe(1);
    }

    [Fact]
    public async Task Okta_of_the_catalog_takes_over_by_patch_without_a_path()
    {
        var id = await directory.LocalUser("catalog@example.com");

        var answer = await directory.Scim("PATCH", $"/Users/{id}", Some.Patch("replace", null, new JsonObject { ["active"] = false }));

        answer.Status.ShouldBe(200, answer.Text);
        (await directory.Timeline("users", id)).ShouldBe(["Root create", "Okta adopt", "Okta deactivate"]);
        (await ManagedBy("scim_user", id)).ShouldBe(directory.Okta.ToString());
    }

    [Fact]
    public async Task Entra_takes_over_by_patch_with_paths_and_op_names_in_capitals()
    {
        var id = await directory.LocalUser("entra@example.com");
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.PatchOp),
            ["Operations"] = new JsonArray(
                new JsonObject { ["op"] = "Add", ["path"] = "externalId", ["value"] = "entra-1" },
                new JsonObject { ["op"] = "Replace", ["path"] = "displayName", ["value"] = "En Tra" }),
        };

        (await directory.Scim("PATCH", $"/Users/{id}", body)).Status.ShouldBe(200);

        (await directory.Timeline("users", id)).ShouldBe(["Root create", "Okta adopt", "Okta patch"]);
    }

    [Fact]
    public async Task a_group_that_is_linked_is_taken_over_with_its_members()
    {
        var member = await directory.LocalUser("linked@example.com");
        var group = await directory.LocalGroup("Linked", "linked@example.com");

        (await directory.Scim("PATCH", $"/Groups/{group}", Some.Patch("remove", $"members[value eq \"{member}\"]"))).Status.ShouldBe(204);

        (await directory.Timeline("groups", group)).ShouldBe(["Root create", "Root members.add", "Okta adopt", "Okta members.remove"]);
        (await ManagedBy("scim_group", group)).ShouldBe(directory.Okta.ToString());
        (await ManagedBy("scim_user", member)).ShouldBeNull();
    }

    [Fact]
    public async Task a_bulk_request_takes_over_as_single_ones_do()
    {
        var id = await directory.LocalUser("bulk-adopted@example.com");
        var bulk = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.BulkRequest),
            ["Operations"] = new JsonArray(new JsonObject
            {
                ["method"] = "PATCH",
                ["path"] = $"/Users/{id}",
                ["data"] = Some.Patch("replace", "title", "Bulky"),
            }),
        };

        var answer = await directory.Scim("POST", "/Bulk", bulk);

        ((string?)answer.Body!["Operations"]![0]!["status"]).ShouldBe("200", answer.Text);
        (await directory.Timeline("users", id)).ShouldBe(["Root create", "Okta adopt", "Okta patch"]);
    }

    [Fact]
    public async Task with_consent_demanded_Okta_is_refused_until_an_administrator_consents()
    {
        var (asked, declined) = (await directory.LocalUser("asked@example.com"), await directory.LocalUser("declined@example.com"));
        (await directory.AsAdmin("PUT", "/adoption", new JsonObject { ["consentRequired"] = true })).Body!["changed"]!.GetValue<bool>().ShouldBeTrue();
        try
        {
            (await directory.AsAdmin("PUT", "/adoption", new JsonObject { ["consentRequired"] = true })).Body!["changed"]!.GetValue<bool>().ShouldBeFalse();
            (await directory.AsAdmin("GET", "/adoption")).Body!["consentRequired"]!.GetValue<bool>().ShouldBeTrue();
            var put = Some.User("asked@example.com", ("title", "Asked"));

            var refusal = await directory.Scim("PUT", $"/Users/{asked}", put.DeepClone());
            refusal.Status.ShouldBe(403);
            ((string?)refusal.Body!["detail"])!.ShouldContain("administrator must consent");
            (await directory.Scim("PUT", $"/Users/{asked}", put.DeepClone())).Status.ShouldBe(403);
            (await directory.Scim("PATCH", $"/Users/{declined}", Some.Patch("replace", "title", "Declined"))).Status.ShouldBe(403);
            (await directory.Timeline("users", asked)).ShouldBe(["Root create"]);

            var pending = (await directory.AsAdmin("GET", "/adoptions?answer=pending")).Body!["adoptions"]!.AsArray();
            pending.Select(p => $"{p!["name"]} {p["connection"]} {p["times"]}").ShouldBe(["declined@example.com Okta 1", "asked@example.com Okta 2"]);
            (await directory.AsAdmin("POST", $"/adoptions/{pending[1]!["id"]}/consent")).Status.ShouldBe(200);
            (await directory.AsAdmin("POST", $"/adoptions/{pending[0]!["id"]}/decline")).Status.ShouldBe(200);

            (await directory.Scim("PUT", $"/Users/{asked}", put.DeepClone())).Status.ShouldBe(200);
            (await directory.Timeline("users", asked)).ShouldBe(["Root create", "Root adoption.consent", "Okta adopt", "Okta replace"]);
            var second = await directory.Scim("PATCH", $"/Users/{declined}", Some.Patch("replace", "title", "Declined"));
            second.Status.ShouldBe(403);
            ((string?)second.Body!["detail"])!.ShouldContain("declined");
            (await directory.Timeline("users", declined)).ShouldBe(["Root create", "Root adoption.decline"]);

            var left = (await directory.AsAdmin("GET", "/adoptions")).Body!["adoptions"]!.AsArray();
            left.Select(p => $"{p!["name"]} {p["answer"]} {p["answeredBy"]}").ShouldBe(["declined@example.com declined Root"]);
            (await directory.Scalar<long>("select count(*) from audit_entry where action = 'adoption.require'")).ShouldBe(1);
        }
        finally
        {
            (await directory.AsAdmin("PUT", "/adoption", new JsonObject { ["consentRequired"] = false })).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task a_group_waits_for_consent_as_a_user_does_when_it_would_be_renamed()
    {
        var group = await directory.LocalGroup("Renamed");
        var put = Some.Group("Renamed otherwise");

        (await directory.Scim("PUT", $"/Groups/{group}", put.DeepClone())).Status.ShouldBe(403);
        var asked = (await directory.AsAdmin("GET", "/adoptions")).Body!["adoptions"]!.AsArray().Single(a => (string?)a!["name"] == "Renamed")!;
        (await directory.AsAdmin("POST", $"/adoptions/{asked["id"]}/consent")).Status.ShouldBe(200);

        (await directory.Scim("PUT", $"/Groups/{group}", put.DeepClone())).Status.ShouldBe(200);
        (await directory.Timeline("groups", group)).ShouldBe(["Root create", "Root adoption.consent", "Okta adopt", "Okta replace"]);
        (await directory.AsAdmin("POST", $"/adoptions/{asked["id"]}/consent")).Status.ShouldBe(404, "it is done");
    }

    [Fact]
    public async Task a_first_contact_does_not_rewrite_the_externalId_of_another_without_being_asked()
    {
        var id = await directory.LocalUser("numbered@example.com", ",externalId", ",hr-1");

        (await directory.Scim("PUT", $"/Users/{id}", Some.User("numbered@example.com", ("externalId", "00u9")))).Status.ShouldBe(403);
        (await directory.Scim("PUT", $"/Users/{id}", Some.User("numbered@example.com", ("externalId", "hr-1"), ("title", "Same")))).Status.ShouldBe(200);
        (await directory.Scim("PUT", $"/Users/{id}", Some.User("numbered@example.com", ("externalId", "00u9")))).Status.ShouldBe(200, "it manages it now");
    }

    [Fact]
    public async Task what_one_connection_manages_another_reads_and_does_not_change_until_it_is_released()
    {
        var id = Guid.Parse((await directory.Scim("POST", "/Users", Some.User("mine@example.com", ("externalId", "00u5")))).Id);
        var group = Guid.Parse((await directory.Scim("POST", "/Groups", Some.Group("Mine", id.ToString()))).Id);

        (await directory.ByPayroll("GET", $"/Users/{id}")).Status.ShouldBe(200);
        foreach (var (method, path, body) in ((string, string, JsonNode?)[])
            [("PUT", $"/Users/{id}", Some.User("mine@example.com")), ("PATCH", $"/Users/{id}", Some.Patch("replace", "active", false)), ("DELETE", $"/Users/{id}", null),
             ("PATCH", $"/Groups/{group}", Some.Patch("remove", "members")), ("DELETE", $"/Groups/{group}", null)])
        {
            var refusal = await directory.ByPayroll(method, path, body);
            refusal.Status.ShouldBe(403, $"{method} {path}");
            ((string?)refusal.Body!["detail"])!.ShouldContain("another connection");
        }

        (await directory.AsAdmin("POST", $"/users/{id}/release")).Body!["managedBy"].ShouldBeNull();
        (await directory.AsAdmin("POST", $"/groups/{group}/release")).Status.ShouldBe(200);
        (await directory.ByPayroll("PUT", $"/Users/{id}", Some.User("mine@example.com", ("externalId", "p-5")))).Status.ShouldBe(403, "it would replace the externalId");
        (await directory.ByPayroll("PATCH", $"/Users/{id}", Some.Patch("replace", "title", "Theirs"))).Status.ShouldBe(200);
        (await directory.ByPayroll("PATCH", $"/Groups/{group}", Some.Patch("remove", "members"))).Status.ShouldBe(204);
        (await directory.Timeline("users", id)).ShouldBe(["Okta create", "Root release", "Payroll adopt", "Payroll patch"]);
        (await directory.Scim("PATCH", $"/Users/{id}", Some.Patch("replace", "title", "Ours"))).Status.ShouldBe(403);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task everything_of_a_connection_is_released_at_once_and_who_manages_what_is_told()
    {
        var local = await directory.LocalUser("told-local@example.com");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add((await directory.ByPayroll("POST", "/Users", Some.User($"told{i}@example.com"))).Id);
        var group = (await directory.ByPayroll("POST", "/Groups", Some.Group("Told", [.. ids]))).Id;

        (await Told($"users?managedBy={directory.Payroll}")).ShouldBe(["told0@example.com Payroll", "told1@example.com Payroll", "told2@example.com Payroll"]);
        (await Told($"users?managedBy={directory.Payroll}&count=1&after={ids[0]}")).ShouldBe(["told1@example.com Payroll"]);
        (await Told($"groups?managedBy={directory.Payroll}")).ShouldBe(["Told Payroll"]);
        (await Told("users?managedBy=local&count=1000")).ShouldContain("told-local@example.com ");
        (await directory.AsAdmin("GET", $"/users/{ids[0]}")).Body!["managedBy"]!.ToString().ShouldBe(directory.Payroll.ToString());
        (await directory.AsAdmin("GET", $"/users/{local}")).Body!["managedBy"].ShouldBeNull();

        var job = await directory.JobOver((await directory.AsAdmin("POST", $"/connections/{directory.Payroll}/release")).Id);

        ((string?)job["state"]).ShouldBe("done", job.ToJsonString());
        ((long)job["result"]!["usersReleased"]!).ShouldBeGreaterThanOrEqualTo(3);
        ((long)job["result"]!["groupsReleased"]!).ShouldBeGreaterThanOrEqualTo(1);
        (await directory.Scalar<long>("select count(*) from scim_user where managed_by = $1", directory.Payroll.ToString())).ShouldBe(0);
        (await Told($"users?managedBy={directory.Payroll}")).ShouldBeEmpty();
        (await directory.Timeline("users", Guid.Parse(ids[2]))).ShouldBe(["Payroll create", "Root release"]);
        (await directory.Scim("PATCH", $"/Groups/{group}", Some.Patch("remove", "members"))).Status.ShouldBe(204);
        (await directory.Timeline("groups", Guid.Parse(group))).ShouldBe(["Payroll create", "Payroll members.add", "Root release", "Okta adopt", "Okta members.remove"]);
    }

    [Fact]
    public async Task a_connection_does_not_delete_what_is_local()
    {
        var id = await directory.LocalUser("undeletable@example.com");

        (await directory.Scim("DELETE", $"/Users/{id}")).Status.ShouldBe(403);
        (await directory.Timeline("users", id)).ShouldBe(["Root create"]);
        (await directory.Scim("PUT", $"/Users/{id}", Some.User("undeletable@example.com"))).Status.ShouldBe(200);
        (await directory.Scim("DELETE", $"/Users/{id}")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task scim_neither_sees_nor_touches_the_administrators()
    {
        const string rows = "select a::text from administrator a";
        var before = await directory.Column<string>(rows);
        var account = await directory.Scalar<Guid>("select id from administrator");

        foreach (var filter in (string[])["userName eq \"admin\"", $"id eq \"{account}\"", "userName co \"adm\""])
            (await directory.Scim("GET", $"/Users?filter={Uri.EscapeDataString(filter)}")).Resources.ShouldBeEmpty();
        (await directory.Scim("GET", $"/Users/{account}")).Status.ShouldBe(404);
        (await directory.Scim("PUT", $"/Users/{account}", Some.User("admin"))).Status.ShouldBe(404);
        (await directory.Scim("PATCH", $"/Users/{account}", Some.Patch("replace", "active", false))).Status.ShouldBe(404);
        (await directory.Scim("DELETE", $"/Users/{account}")).Status.ShouldBe(404);
        var group = await directory.Scim("POST", "/Groups", Some.Group("With an administrator", account.ToString()));
        group.Status.ShouldBe(400);

        // A user of that name is a user like any other.
        var user = await directory.Scim("POST", "/Users", Some.User("admin", ("password", "x"), ("roles", new JsonArray(new JsonObject { ["value"] = "admin" }))));
        user.Status.ShouldBe(201);
        (await directory.Scim("DELETE", $"/Users/{user.Id}")).Status.ShouldBe(204);
        (await directory.Column<string>(rows)).ShouldBe(before);
    }

    private async Task<IReadOnlyList<string>> Told(string path) =>
        [.. (await directory.AsAdmin("GET", $"/{path}")).Body![path.Split('?')[0]]!.AsArray()
            .Select(r => $"{r!["name"]} {r["connection"]}").Where(r => r.StartsWith("told", StringComparison.OrdinalIgnoreCase))];

    private async Task<string?> ManagedBy(string table, Guid id) =>
        await directory.Scalar<string>($"select coalesce(managed_by, '-') from {table} where id = $1", id) is var by && by == "-" ? null : by;
}

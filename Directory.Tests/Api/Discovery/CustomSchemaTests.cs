using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Discovery;

/// <summary>The service with the schemas of docs/custom-schemas.example.json.</summary>
public sealed class CustomSchemaFixture(TestDatabase databases) : DirectoryFixture(databases)
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Directory:SchemaFile"] = System.IO.Path.Combine(AppContext.BaseDirectory, "Examples", "custom-schemas.example.json"),
    };
}

public sealed class CustomSchemaTests(CustomSchemaFixture directory) : IClassFixture<CustomSchemaFixture>
{
    private const string Workplace = "urn:example:params:scim:schemas:extension:workplace:2.0:User";
    private const string Ledger = "urn:example:params:scim:schemas:extension:ledger:2.0:Group";

    [Fact]
    public async Task a_custom_schema_is_announced()
    {
        var types = await directory.Scim("GET", "/ResourceTypes");
        types.Resources[0]!["schemaExtensions"]!.AsArray().Select(e => (string?)e!["schema"]).ShouldContain(Workplace);
        types.Resources[1]!["schemaExtensions"]!.AsArray().Select(e => (string?)e!["schema"]).ShouldBe([Ledger]);
        (await directory.Scim("GET", "/Schemas")).Resources.Select(s => (string?)s!["id"]).ShouldContain(Workplace);
        var schema = await directory.Scim("GET", $"/Schemas/{Workplace}");
        schema.Body!["attributes"]!.AsArray().Single(a => (string?)a!["name"] == "hiredAs")!["mutability"]!.ToString().ShouldBe("immutable");
    }

    [Fact]
    public async Task custom_attributes_are_stored_and_shaped()
    {
        var created = await Create("shape@example.com", """{"badge":"B7","floor":3,"notes":"n","desks":[{"value":"d1","primary":true}]}""");
        created.Status.ShouldBe(201, created.Text);
        created.Body!["schemas"]!.ToJsonString().ShouldBe($"""["{ScimUrns.User}","{Workplace}"]""");
        created.Body[Workplace]!.ToJsonString().ShouldBe("""{"badge":"B7","floor":3,"desks":[{"value":"d1","primary":true}]}""");

        var asked = await directory.Scim("GET", $"/Users/{created.Id}?attributes={Workplace}:notes,{Workplace}:desks.value");
        asked.Body![Workplace]!.ToJsonString().ShouldBe("""{"notes":"n","desks":[{"value":"d1"}]}""");
        var excluded = await directory.Scim("GET", $"/Users/{created.Id}?excludedAttributes={Workplace}");
        excluded.Body!.AsObject().ContainsKey(Workplace).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"floor":"three"}""", "invalidValue")]
    [InlineData("""{"startDate":"yesterday"}""", "invalidValue")]
    [InlineData("""{"desks":[{"type":"fixed"}]}""", "invalidValue")]
    [InlineData("""{"desks":[{"value":"a","primary":true},{"value":"b","primary":true}]}""", "invalidValue")]
    public async Task custom_attributes_are_held_to_their_schema(string values, string scimType)
    {
        var refused = await Create($"{Guid.NewGuid():n}@example.com", values);
        refused.Status.ShouldBe(400, refused.Text);
        refused.ScimType.ShouldBe(scimType);
    }

    [Theory]
    [InlineData("badge eq \"X-1\"", 1)]
    [InlineData("badge eq \"x-1\"", 0)]
    [InlineData("skills eq \"JUGGLING\"", 1)]
    [InlineData("floor gt 40", 1)]
    [InlineData("floor gt 41", 0)]
    [InlineData("remote eq true", 1)]
    [InlineData("startDate lt \"2001-01-01T00:00:00Z\"", 1)]
    [InlineData("desks[value eq \"q9\" and type eq \"shared\"]", 1)]
    [InlineData("desks[value eq \"q9\" and type eq \"fixed\"]", 0)]
    public async Task custom_attributes_are_searched(string filter, int hits)
    {
        if ((await directory.Scim("GET", "/Users?filter=userName%20eq%20%22search@example.com%22")).Resources.Count == 0)
            await Create("search@example.com", """
                {"badge":"X-1","floor":41,"remote":true,"startDate":"2000-01-23T04:56:22Z","skills":["Juggling"],"desks":[{"value":"q9","type":"shared"}]}
                """);
        var found = await directory.Scim("GET", "/Users?filter=" + Uri.EscapeDataString($"{Workplace}:{filter}"));
        found.Status.ShouldBe(200, found.Text);
        found.Resources.Count.ShouldBe(hits, found.Text);
    }

    [Fact]
    public async Task custom_attributes_sort_a_list()
    {
        foreach (var (name, floor) in new[] { ("sort-b", -7002), ("sort-a", -7001), ("sort-c", -7003) })
            (await Create(name, $$"""{"floor":{{floor}}}""")).Status.ShouldBe(201);
        var sorted = await directory.Scim("GET", $"/Users?filter={Workplace}:floor%20lt%20-7000&sortBy={Workplace}:floor");
        sorted.Resources.Select(r => (string?)r!["userName"]).ShouldBe(["sort-c", "sort-b", "sort-a"]);
    }

    [Fact]
    public async Task custom_attributes_are_patched_and_told_by_the_audit()
    {
        var user = await Create("patch@example.com", """{"badge":"old","desks":[{"value":"d1","type":"fixed"}]}""");
        var patched = await directory.Scim("PATCH", $"/Users/{user.Id}", new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.PatchOp),
            ["Operations"] = JsonNode.Parse($$"""
                [{"op":"replace","path":"{{Workplace}}:badge","value":"new"},
                 {"op":"replace","path":"{{Workplace}}:desks[value eq \"d1\"].type","value":"shared"},
                 {"op":"add","value":{"{{Workplace}}":{"floor":2} } }]
                """),
        });
        patched.Status.ShouldBe(200, patched.Text);
        patched.Body![Workplace]!.ToJsonString().ShouldBe("""{"badge":"new","floor":2,"desks":[{"value":"d1","type":"shared"}]}""");
        var entries = (await directory.Audit($"/users/{user.Id}/timeline")).Body!["entries"]!.AsArray();
        entries[1]!["changes"]!.AsArray().Select(c => (string?)c!["path"])
            .ShouldBe([$"{Workplace}:badge", $"{Workplace}:floor", $"{Workplace}:desks"], ignoreOrder: true);
    }

    [Fact]
    public async Task an_immutable_attribute_is_given_once()
    {
        var user = await Create("immutable@example.com", """{"hiredAs":"Clerk","badge":"1"}""");
        var omitted = await Replace(user.Id, "immutable@example.com", """{"badge":"2"}""");
        omitted.Body![Workplace]!.ToJsonString().ShouldBe("""{"badge":"2","hiredAs":"Clerk"}""");
        (await Replace(user.Id, "immutable@example.com", """{"hiredAs":"Clerk"}""")).Status.ShouldBe(200);
        var changed = await Replace(user.Id, "immutable@example.com", """{"hiredAs":"Boss"}""");
        (changed.Status, changed.ScimType).ShouldBe((400, "mutability"));
        var patched = await directory.Scim("PATCH", $"/Users/{user.Id}", Some.Patch("replace", $"{Workplace}:hiredAs", "Boss"));
        (patched.Status, patched.ScimType).ShouldBe((400, "mutability"));

        var late = await directory.Scim("POST", "/Users", Some.User("late@example.com"));
        (await Replace(late.Id, "late@example.com", """{"hiredAs":"Clerk"}""")).Body![Workplace]!["hiredAs"]!.ToString().ShouldBe("Clerk");
    }

    [Fact]
    public async Task a_custom_secret_is_kept_nowhere()
    {
        const string secret = "s3cret-of-the-door";
        var user = await Create("secret@example.com", $$"""{"doorCode":"{{secret}}-1","badge":"1"}""");
        user.Status.ShouldBe(201, user.Text);
        await Replace(user.Id, "secret@example.com", $$"""{"DOORCODE":"{{secret}}-2","badge":"2"}""");
        foreach (var patch in new[]
        {
            Some.Patch("replace", $"{Workplace}:doorCode", $"{secret}-3"),
            Some.Patch("add", null, new JsonObject { [$"{Workplace}:doorcode"] = $"{secret}-4" }),
            Some.Patch("add", Workplace, new JsonObject { ["doorCode"] = $"{secret}-5" }),
        })
        {
            var patched = await directory.Scim("PATCH", $"/Users/{user.Id}", patch);
            patched.Status.ShouldBe(200, patched.Text);
            patched.Text.ShouldNotContain(secret);
        }

        var timeline = await directory.Audit($"/users/{user.Id}/timeline");
        timeline.Text.ShouldNotContain(secret);
        timeline.Body!["entries"]!.AsArray().Count(e => e!["request"]!["withheld"] is JsonArray).ShouldBe(5, timeline.Text);
        foreach (var table in new[] { "mt_events", "scim_user", "audit_entry" })
            (await directory.Scalar<long>($"select count(*) from {table} t where t::text like $1", $"%{secret}%")).ShouldBe(0, table);
        directory.Log.All.ShouldNotContain(line => line.Contains(secret));
        var guessed = await directory.Scim("GET", "/Users?filter=" + Uri.EscapeDataString($"{Workplace}:doorCode eq \"{secret}-1\""));
        (guessed.Status, guessed.ScimType).ShouldBe((400, "invalidFilter"));
    }

    [Fact]
    public async Task a_group_has_custom_attributes_too()
    {
        var group = Some.Group("Payers");
        group["schemas"]!.AsArray().Add(Ledger);
        group[Ledger] = new JsonObject { ["costCenter"] = "4711" };
        var created = await directory.Scim("POST", "/Groups", group);
        created.Body![Ledger]!["costCenter"]!.ToString().ShouldBe("4711");
        var found = await directory.Scim("GET", "/Groups?filter=" + Uri.EscapeDataString($"{Ledger}:costCenter eq \"4711\""));
        found.Resources.Select(g => (string?)g!["id"]).ShouldBe([created.Id]);
    }

    private Task<ScimAnswer> Create(string userName, string values) => directory.Scim("POST", "/Users", User(userName, values));

    private Task<ScimAnswer> Replace(string id, string userName, string values) =>
        directory.Scim("PUT", $"/Users/{id}", User(userName, values));

    private static JsonObject User(string userName, string values) => Some.User(userName, (Workplace, JsonNode.Parse(values)));
}

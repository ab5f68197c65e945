using System.Text.Json.Nodes;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Entitlements;

/// <summary>The service with the roles and entitlements of docs/entitlements.example.json.</summary>
public sealed class EntitlementFixture(TestDatabase databases) : DirectoryFixture(databases)
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Directory:EntitlementsFile"] = System.IO.Path.Combine(AppContext.BaseDirectory, "Examples", "entitlements.example.json"),
    };
}

public sealed class EntitlementTests(EntitlementFixture directory) : IClassFixture<EntitlementFixture>
{
    private const string Role = "urn:okta:scim:schemas:core:1.0:Role", Entitlement = "urn:okta:scim:schemas:core:1.0:Entitlement";

    [Fact]
    public async Task okta_finds_them_from_the_resource_types_on()
    {
        var types = (await directory.Scim("GET", "/ResourceTypes")).Resources;
        types.Select(t => (t!["name"]!.ToString(), t["endpoint"]!.ToString(), t["schema"]!.ToString())).Skip(2)
            .ShouldBe([("Role", "/Roles", Role), ("Entitlement", "/Entitlements", Entitlement)]);
        (await directory.Scim("GET", "/Schemas")).Resources.Select(s => s!["id"]!.ToString()).ShouldContain(Entitlement);
        (await directory.Scim("GET", $"/Schemas/{Role}")).Status.ShouldBe(200);
        (await directory.Scim("GET", "/ResourceTypes/Entitlement")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task a_page_of_one_is_a_page_of_one()
    {
        var page = await directory.Scim("GET", "/Entitlements?count=1&startIndex=1");
        page.Status.ShouldBe(200, page.Text);
        page.Text.ShouldBe("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":3,"startIndex":1,"itemsPerPage":1,"Resources":[{"schemas":["urn:okta:scim:schemas:core:1.0:Entitlement"],"id":"licence-full","displayName":"Full licence","description":"Every feature","type":"Entitlement","meta":{"resourceType":"Entitlement","location":"http://localhost/api/scim/v2/Entitlements/licence-full"}}]}""");
        (await directory.Scim("GET", "/Roles?startIndex=2&count=100")).Resources.Select(r => r!["id"]!.ToString()).ShouldBe(["reader"]);
        (await directory.Scim("GET", "/Roles?startIndex=99")).Resources.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("/Entitlements", "id eq \"floor-3\"", 1)]
    [InlineData("/Entitlements", "displayName sw \"LIGHT\"", 1)]
    [InlineData("/Entitlements", "type ne \"Access\" and description pr", 1)]
    [InlineData("/Roles", "displayName eq \"nobody\"", 0)]
    public async Task they_can_be_filtered(string endpoint, string filter, int hits) =>
        (await directory.Scim("GET", $"{endpoint}?filter={Uri.EscapeDataString(filter)}")).Resources.Count.ShouldBe(hits);

    [Fact]
    public async Task one_is_read_by_its_id()
    {
        var role = await directory.Scim("GET", "/Roles/administrator?attributes=displayName");
        role.Text.ShouldBe("""{"schemas":["urn:okta:scim:schemas:core:1.0:Role"],"id":"administrator","displayName":"Administrator"}""");
        (await directory.Scim("GET", "/Roles/nobody")).Status.ShouldBe(404);
        var refused = await directory.Scim("GET", "/Roles?filter=colour%20eq%20%22red%22");
        (refused.Status, refused.ScimType).ShouldBe((400, "invalidFilter"));
    }

    [Theory]
    [InlineData("POST", "/Roles")]
    [InlineData("PUT", "/Roles/reader")]
    [InlineData("PATCH", "/Entitlements/floor-3")]
    [InlineData("DELETE", "/Entitlements/floor-3")]
    public async Task a_client_cannot_change_them(string method, string path) =>
        (await directory.Scim(method, path, method == "DELETE" ? null : new JsonObject())).Status.ShouldBe(405);

    [Fact]
    public async Task users_carry_them()
    {
        var user = await directory.Scim("POST", "/Users", Some.User("entitled@example.com",
            ("roles", JsonNode.Parse("""[{"value":"reader","display":"Reader","primary":true}]""")),
            ("entitlements", JsonNode.Parse("""[{"value":"floor-3","display":"Third floor","type":"Access"}]"""))));
        user.Status.ShouldBe(201, user.Text);
        user.Body!["entitlements"]!.ToJsonString().ShouldBe("""[{"value":"floor-3","display":"Third floor","type":"Access"}]""");
        (await directory.Scim("GET", "/Users?filter=" + Uri.EscapeDataString("entitlements[value eq \"floor-3\"] and roles.value eq \"reader\"")))
            .Resources.Count.ShouldBe(1);
        var patched = await directory.Scim("PATCH", $"/Users/{user.Id}", Some.Patch("add", "entitlements",
            JsonNode.Parse("""[{"value":"licence-light","display":"Light licence","type":"Entitlement"}]""")));
        patched.Body!["entitlements"]!.AsArray().Count.ShouldBe(2);
    }
}

public sealed class NoEntitlementTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Theory]
    [InlineData("/Roles")]
    [InlineData("/Roles/x")]
    [InlineData("/Entitlements")]
    [InlineData("/Entitlements/x")]
    public async Task what_is_not_configured_is_not_there(string path) => (await directory.Scim("GET", path)).Status.ShouldBe(404);

    [Fact]
    public async Task what_is_not_configured_is_not_announced() =>
        (await directory.Scim("GET", "/ResourceTypes")).Resources.Select(t => t!["name"]!.ToString()).ShouldBe(["User", "Group"]);
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>Ten users, user0 to user9, and two groups.</summary>
public sealed class SmallDirectory(Directory.Tests.Hosting.TestDatabase databases) : DirectoryFixture(databases), IAsyncLifetime
{
    public List<string> Users { get; } = [];
    public List<string> Groups { get; } = [];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        for (var i = 0; i < 10; i++)
            Users.Add((await Scim("POST", "/Users", Some.User($"user{i}@example.com", ("displayName", $"Name {9 - i}"), ("title", "T")))).Id);
        Groups.Add((await Scim("POST", "/Groups", Some.Group("Name 4a", Users[0], Users[1]))).Id);
        Groups.Add((await Scim("POST", "/Groups", Some.Group("Other"))).Id);
    }
}

public sealed class ListTests(SmallDirectory directory) : IClassFixture<SmallDirectory>
{
    [Theory] // startIndex, count; what the answer says
    [InlineData("", 1, 10)]
    [InlineData("?startIndex=1&count=4", 1, 4)]
    [InlineData("?startIndex=9&count=4", 9, 2)]
    [InlineData("?startIndex=11&count=4", 11, 0)]
    [InlineData("?startIndex=0&count=4", 1, 4)]
    [InlineData("?startIndex=-1&count=4", 1, 4)]
    [InlineData("?startIndex=2147483648&count=4", 2147483648, 0)]
    [InlineData("?startIndex=9223372036854775807&count=4", 9223372036854775807, 0)]
    [InlineData("?count=0", 1, 0)]
    [InlineData("?count=-1", 1, 0)]
    [InlineData("?count=1000000000", 1, 10)]
    public async Task a_page_says_truthfully_where_it_begins_and_how_long_it_is(string query, long startIndex, int itemsPerPage)
    {
        var answer = await directory.Scim("GET", "/Users" + query);
        answer.Status.ShouldBe(200, answer.Text);
        ((string?)answer.Body!["schemas"]![0]).ShouldBe(ScimUrns.ListResponse);
        ((int)answer.Body["totalResults"]!).ShouldBe(10);
        ((long)answer.Body["startIndex"]!).ShouldBe(startIndex);
        ((int)answer.Body["itemsPerPage"]!).ShouldBe(itemsPerPage);
        answer.Resources.Count.ShouldBe(itemsPerPage);
        answer.Resources.Select(r => (string)r!["id"]!).ShouldBe(directory.Users.Skip((int)Math.Min(startIndex - 1, 100)).Take(itemsPerPage));
    }

    [Theory]
    [InlineData("?startIndex=abc", "invalidValue")]
    [InlineData("?count=abc", "invalidValue")]
    [InlineData("?count=1.5", "invalidValue")]
    [InlineData("?count=99999999999999999999", "invalidValue")]
    [InlineData("?sortBy=nothing", "invalidValue")]
    [InlineData("?sortBy=password", "invalidValue")]
    [InlineData("?sortBy=userName&sortOrder=sideways", "invalidValue")]
    [InlineData("?attributes=userName&excludedAttributes=title", "invalidValue")]
    [InlineData("?filter=nothing%20eq%201", "invalidFilter")]
    [InlineData("?filter=userName%20eq%20%22%5Cu0000%22", "invalidFilter")]
    public async Task what_cannot_be_understood_is_refused(string query, string scimType)
    {
        foreach (var endpoint in new[] { "/Users", "" })
        {
            var answer = await directory.Scim("GET", endpoint + query);
            (answer.Status, answer.ScimType).ShouldBe((400, scimType), answer.Text);
        }
    }

    [Fact]
    public async Task a_list_is_sorted_by_an_attribute_in_either_order()
    {
        (await Names("/Users?sortBy=displayName")).ShouldBe(Enumerable.Range(0, 10).Select(i => $"Name {i}"));
        (await Names("/Users?sortBy=displayname&sortOrder=Descending&count=3")).ShouldBe(["Name 9", "Name 8", "Name 7"]);
        (await Names("/Users?sortBy=id&sortOrder=descending&startIndex=2&count=1")).ShouldBe(["Name 1"]);
    }

    [Fact]
    public async Task only_the_attributes_asked_for_are_returned()
    {
        var named = (await directory.Scim("GET", "/Users?attributes=userName,groups.value&count=1")).Resources[0]!;
        named.AsObject().Select(m => m.Key).ShouldBe(["schemas", "id", "userName", "groups"], ignoreOrder: true);
        named["groups"]![0]!.AsObject().Select(m => m.Key).ShouldBe(["value"]);
        var excluded = (await directory.Scim("GET", $"/Users?excludedAttributes={ScimUrns.User}:title,displayName,meta,groups&count=1")).Resources[0]!;
        excluded.AsObject().Select(m => m.Key).ShouldBe(["schemas", "id", "userName", "active"], ignoreOrder: true);
    }

    [Fact]
    public async Task a_search_by_POST_is_the_query_by_GET()
    {
        var get = await directory.Scim("GET", "/Users?filter=displayName%20gt%20%22name%203%22&sortBy=displayName&sortOrder=descending&startIndex=2&count=3&attributes=displayName");
        var post = await directory.Scim("POST", "/Users/.search", Search(
            ("filter", "displayName gt \"name 3\""), ("sortBy", "displayName"), ("sortOrder", "descending"), ("startIndex", 2), ("count", 3),
            ("attributes", new JsonArray("displayName"))));
        post.Status.ShouldBe(200, post.Text);
        post.Text.ShouldBe(get.Text);
        post.Resources.Select(r => (string)r!["displayName"]!).ShouldBe(["Name 8", "Name 7", "Name 6"]);
        (await directory.Scim("POST", "/Groups/.search", Search(("COUNT", "1")))).Resources.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"filter":"userName pr"}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":["userName pr"]}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":[1]}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"count":1,"Count":2}""")]
    [InlineData("[]")]
    public async Task a_body_that_is_no_search_request_is_refused(string body)
    {
        foreach (var endpoint in new[] { "/Users/.search", "/Groups/.search", "/.search" })
        {
            var answer = await directory.Send(
                "POST", "/api/scim/v2" + endpoint, body, ("Authorization", $"Bearer {directory.ScimToken}"));
            (answer.Status, answer.ScimType).ShouldBe((400, "invalidSyntax"), answer.Text);
        }
    }

    [Fact]
    public async Task the_root_searches_every_type_of_resources()
    {
        var all = await directory.Scim("POST", "/.search", Search());
        ((int)all.Body!["totalResults"]!).ShouldBe(12);
        Ids(all).ShouldBe([.. directory.Users, .. directory.Groups]);
        Types(await directory.Scim("GET", "?startIndex=10&count=2")).ShouldBe(["User", "Group"]);
        Types(await directory.Scim("GET", "/?startIndex=10&count=2")).ShouldBe(["User", "Group"]);

        var sorted = await directory.Scim("POST", "/.search", Search(("filter", "displayName sw \"name 4\""), ("sortBy", "displayName")));
        sorted.Resources.Select(r => (string)r!["displayName"]!).ShouldBe(["Name 4", "Name 4a"]);
    }

    [Theory] // an attribute that a type does not have is one without a value (RFC 7644 §3.4.2.1)
    [InlineData("meta.resourceType eq \"Group\"", 2)]
    [InlineData("userName sw \"user1\" or displayName eq \"other\"", 2)]
    [InlineData("members pr", 1)]
    [InlineData("not (userName pr)", 2)]
    [InlineData("not (members pr)", 11)]
    [InlineData("groups pr", 2)]
    [InlineData("userName ne \"user1@example.com\"", 11)]
    [InlineData("emails[type eq \"work\"] or title eq \"t\"", 10)]
    public async Task a_filter_at_the_root_may_name_attributes_of_either_type(string filter, int total)
    {
        var answer = await directory.Scim("POST", "/.search", Search(("filter", filter)));
        ((int)answer.Body!["totalResults"]!).ShouldBe(total, answer.Text);
        answer.Resources.Count.ShouldBe(total);
    }

    [Fact]
    public async Task every_answer_with_a_resource_takes_attributes()
    {
        var user = (await directory.Scim("POST", "/Users?attributes=userName", Some.User("shaped@example.com", ("title", "x")))).Body!.AsObject();
        user.Select(m => m.Key).ShouldBe(["schemas", "id", "userName"], ignoreOrder: true);
        var at = $"/Users/{user["id"]}";
        Keys(await directory.Scim("PUT", at + "?excludedAttributes=meta,active,groups", Some.User("shaped@example.com", ("title", "y")))).ShouldBe(["schemas", "id", "userName", "title"], ignoreOrder: true);
        Keys(await directory.Scim("PATCH", at + "?attributes=title", Some.Patch("replace", "title", "z"))).ShouldBe(["schemas", "id", "title"], ignoreOrder: true);
        Keys(await directory.Scim("GET", at + "?attributes=title,password")).ShouldBe(["schemas", "id", "title"], ignoreOrder: true);
        var group = await directory.Scim("POST", "/Groups?excludedAttributes=members,meta", Some.Group("Shaped", (string)user["id"]!));
        Keys(group).ShouldBe(["schemas", "id", "displayName"], ignoreOrder: true);
        Keys(await directory.Scim("PATCH", $"/Groups/{group.Id}?attributes=members", Some.Patch("replace", "displayName", "Shaped 2"))).ShouldBe(["schemas", "id", "members"], ignoreOrder: true);

        foreach (var (method, body) in new[] { ("POST", Some.User("never@example.com")), ("PUT", Some.User("never@example.com")), ("PATCH", Some.Patch("replace", "userName", "never@example.com")) })
        {
            var refused = await directory.Scim(method, (method == "POST" ? "/Users" : at) + "?attributes=id&excludedAttributes=meta", body);
            (refused.Status, refused.ScimType).ShouldBe((400, "invalidValue"), refused.Text);
        }

        (await directory.Scalar<long>("select count(*) from scim_user where user_name_key = 'never@example.com'")).ShouldBe(0, "what is refused has no effect");
        foreach (var id in new[] { group.Id }) await directory.Scim("DELETE", $"/Groups/{id}");
        await directory.Scim("DELETE", at);
    }

    private async Task<IEnumerable<string>> Names(string path) => (await directory.Scim("GET", path)).Resources.Select(r => (string)r!["displayName"]!);

    private static IEnumerable<string> Keys(ScimAnswer answer) => answer.Body!.AsObject().Select(m => m.Key);

    private static IEnumerable<string> Ids(ScimAnswer answer) => answer.Resources.Select(r => (string)r!["id"]!);

    private static IEnumerable<string> Types(ScimAnswer answer) => answer.Resources.Select(r => (string)r!["meta"]!["resourceType"]!);

    internal static JsonObject Search(params (string Name, JsonNode? Value)[] members)
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(ScimUrns.SearchRequest) };
        foreach (var (name, value) in members) body[name] = value;
        return body;
    }
}

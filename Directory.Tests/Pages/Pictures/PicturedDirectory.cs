using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages.Pictures;

/// <summary>A year of a small company, told by Okta.</summary>
public sealed class PicturedDirectory(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium), IAsyncLifetime
{
    private static readonly (string Given, string Family, string Title)[] People =
    [
        ("Ada", "Lovelace", "Analyst"), ("Grace", "Hopper", "Officer"), ("Alan", "Turing", "Engineer"), ("Katherine", "Johnson", "Mathematician"),
        ("Edsger", "Dijkstra", "Engineer"), ("Barbara", "Liskov", "Architect"), ("Radia", "Perlman", "Engineer"),
    ];

    public DateTimeOffset Start { get; private set; }

    public string Ada { get; private set; } = "";
    public string Grace { get; private set; } = "";
    public string Engineers { get; private set; } = "";
    public Guid Promotion { get; private set; }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        var ids = new List<string>();
        foreach (var (given, family, title) in People) ids.Add(await Create("/Users", Person(given, family, title)));
        (Ada, Grace) = (ids[0], ids[1]);
        Start = new DateTimeOffset(await Scalar<DateTime>("select min(timestamp) from mt_events where type = 'user_created'"), TimeSpan.Zero);
        Engineers = await Create("/Groups", Some.Group("Engineers", ids[0], ids[1], ids[2]));
        var staff = await Create("/Groups", Some.Group("All staff", Engineers, ids[3]));
        await Change($"/Users/{Ada}", Some.Patch("replace", null, new JsonObject { ["title"] = "Countess", ["name.familyName"] = "King" }));
        await Change($"/Users/{Ada}", Some.Patch("replace", "title", "Countess"));
        await Change($"/Groups/{Engineers}", Some.Patch("remove", $"members[value eq \"{Ada}\"]"));
        await Change($"/Users/{Ada}", Some.Patch("replace", "active", false));
        await Change($"/Groups/{Engineers}", Some.Patch("add", "members", Some.Members(ids[4], ids[6])));
        await Change($"/Users/{Ada}", Some.Patch("replace", "active", true));
        await Change($"/Groups/{Engineers}", Some.Patch("add", "members", Some.Members(Ada)));
        await Change($"/Groups/{staff}", Some.Patch("add", "members", Some.Members(ids[5])));
        await Change($"/Users/{Grace}", Some.Patch("replace", "active", false));
        (await Okta("DELETE", $"/Users/{Grace}")).Status.ShouldBe(204);
        foreach (var _ in Enumerable.Range(0, 3)) (await Okta("POST", "/Users", Person("Ada", "Lovelace", "Analyst"))).Status.ShouldBe(409);
        (await Okta("GET", "/Users?filter=userName%20is%20%22ada%22")).Status.ShouldBe(400);
        (await Okta("PATCH", $"/Users/{Grace}", Some.Patch("replace", "active", false))).Status.ShouldBe(404);
        Promotion = await Scalar<Guid>("select id from audit_entry where action = 'patch' order by seq limit 1");
    }

    private static JsonObject Person(string given, string family, string title)
    {
        var mail = $"{given}.{family}@example.com".ToLowerInvariant();
        return Some.User(mail, ("externalId", $"00u{given.ToLowerInvariant()}"), ("displayName", $"{given} {family}"), ("title", title),
            ("name", new JsonObject { ["givenName"] = given, ["familyName"] = family }), ("locale", "en-GB"), ("active", true),
            ("emails", new JsonArray(new JsonObject { ["value"] = mail, ["type"] = "work", ["primary"] = true })));
    }

    private Task<ScimAnswer> Okta(string method, string path, JsonNode? body = null) => Scim(method, path, body, ("User-Agent", "Okta SCIM Client 1.0.0"));

    private async Task<string> Create(string path, JsonNode body) => (await Okta("POST", path, body)).Id;

    private async Task Change(string path, JsonNode body) => (await Okta("PATCH", path, body)).Status.ShouldBeInRange(200, 204);
}

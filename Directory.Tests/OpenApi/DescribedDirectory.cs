using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Replay;
using Shouldly;

namespace Directory.Tests.OpenApi;

/// <summary>A few users, groups and refusals, so that every endpoint has something to answer; and the description of the API.</summary>
public sealed class DescribedDirectory(TestDatabase databases) : ReplayFixture(databases)
{
    public string Ada { get; private set; } = "";
    public string Grace { get; private set; } = "";
    public string Group { get; private set; } = "";
    public Guid Entry { get; private set; }
    public JsonObject Document { get; private set; } = [];

    protected override async Task Prepare()
    {
        Ada = await Write("POST", "/Users", Some.User("ada@example.com", ("externalId", "00u1"), ("password", "hunter2-canary"),
            ("name", new JsonObject { ["givenName"] = "Ada" }),
            ("emails", new JsonArray(new JsonObject { ["value"] = "ada@example.com", ["type"] = "work", ["primary"] = true }))));
        Grace = await Write("POST", "/Users", Some.User("grace@example.com"));
        var inner = await Write("POST", "/Groups", Some.Group("Analysts", Ada));
        Group = await Write("POST", "/Groups", Some.Group("Engineers", Grace, inner));
        await Write("PATCH", $"/Users/{Ada}", Some.Patch("replace", "title", "Countess"));
        await Write("PATCH", $"/Users/{Ada}", Some.Patch("replace", "title", "Countess"));
        await Write("PATCH", $"/Users/{Grace}", Some.Patch("replace", "active", false));
        await Write("DELETE", $"/Users/{Grace}");
        (await Scim("POST", "/Users", Some.User("ada@example.com"))).Status.ShouldBe(409);
        (await Send("POST", "/api/scim/v2/Users", "{}")).Status.ShouldBe(401);
        Entry = await Scalar<Guid>("select id from audit_entry where action = 'members.add' order by seq limit 1");
        Document = (JsonObject)(await Send("GET", "/openapi/v1.json")).Body!;
    }

    /// <summary>The operations by method and path, such as <c>GET /health/live</c>.</summary>
    public IReadOnlyDictionary<string, JsonObject> Operations => Document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject(), (path, operation) => (Key: $"{operation.Key.ToUpperInvariant()} {path.Key}", Value: (JsonObject)operation.Value!))
        .ToDictionary(o => o.Key, o => o.Value);

    /// <summary>The names of the parameters in the query of an operation.</summary>
    public IReadOnlyList<string> Query(string operation) =>
    [
        .. from parameter in Operations[operation]["parameters"]?.AsArray() ?? []
           let key = ((string?)parameter!["$ref"])?.Split('/')[^1]
           let description = key is null ? parameter : Document["components"]!["parameters"]![key]!
           where (string?)description["in"] == "query"
           select (string)description["name"]!,
    ];
}

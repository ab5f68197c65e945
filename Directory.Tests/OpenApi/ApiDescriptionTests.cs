using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Shouldly;
using Xunit;

namespace Directory.Tests.OpenApi;

public sealed class ApiDescriptionTests(DescribedDirectory directory) : IClassFixture<DescribedDirectory>
{
    private const string Scim = "/api/scim/v2";

    /// <summary>Method, path as described, path as sent (<c>{ada}</c>, <c>{grace}</c>, <c>{group}</c>, <c>{okta}</c>), body, expected status.</summary>
    public static TheoryData<string, string, string, string?, int> Exchanges => new()
    {
        { "GET", "/api/audit/entries", "/api/audit/entries?count=3", null, 200 },
        { "GET", "/api/audit/entries", "/api/audit/entries?after=0", null, 200 },
        { "GET", "/api/audit/entries", "/api/audit/entries?outcome=failure", null, 200 },
        { "GET", "/api/audit/entries", "/api/audit/entries?nonsense=1", null, 400 },
        { "GET", "/api/audit/users/{id}/timeline", "/api/audit/users/{ada}/timeline", null, 200 },
        { "GET", "/api/audit/users/{id}/timeline", "/api/audit/users/x/timeline", null, 404 },
        { "GET", "/api/audit/groups/{id}/timeline", "/api/audit/groups/{group}/timeline", null, 200 },
        { "GET", "/api/audit/requests", "/api/audit/requests?count=2", null, 200 },
        { "GET", "/api/audit/requests/causes", "/api/audit/requests/causes", null, 200 },
        { "GET", "/api/audit/access", "/api/audit/access", null, 200 },
        { "GET", "/api/audit/reports/deprovisioning", "/api/audit/reports/deprovisioning?from=2001-01-01T00:00:00Z", null, 200 },
        { "GET", "/api/audit/reports/joiners-movers-leavers", "/api/audit/reports/joiners-movers-leavers?from=2001-01-01T00:00:00Z", null, 200 },
        { "GET", "/api/audit/reports/untouched", "/api/audit/reports/untouched?since=2200-01-01T00:00:00Z", null, 200 },
        { "GET", "/api/audit/reports/no-op-pushes", "/api/audit/reports/no-op-pushes?from=2001-01-01T00:00:00Z", null, 200 },
        { "GET", "/api/audit/integrity", "/api/audit/integrity", null, 200 },
        { "GET", "/api/audit/integrity/blocks", "/api/audit/integrity/blocks?before=1", null, 200 },
        { "GET", "/api/audit/integrity/checkpoints", "/api/audit/integrity/checkpoints", null, 200 },
        { "GET", "/api/audit/integrity/verifications", "/api/audit/integrity/verifications", null, 200 },
        { "GET", "/api/audit/entries/{id}", "/api/audit/entries/{entry}", null, 200 },
        { "GET", "/api/audit/entries/{id}", "/api/audit/entries/nothing", null, 404 },
        { "GET", "/api/audit/users", "/api/audit/users?count=1", null, 200 },
        { "GET", "/api/audit/users", "/api/audit/users?state=deleted&text=gr", null, 200 },
        { "GET", "/api/audit/groups", "/api/audit/groups?text=e", null, 200 },
        { "GET", "/api/audit/users/{id}/versions", "/api/audit/users/{ada}/versions?count=1", null, 200 },
        { "GET", "/api/audit/users/{id}/versions/{version}", "/api/audit/users/{ada}/versions/2", null, 200 },
        { "GET", "/api/audit/groups/{id}/versions/{version}", "/api/audit/groups/{group}/versions/1", null, 200 },
        { "GET", "/api/audit/groups/{id}/versions", "/api/audit/groups/{group}/versions", null, 200 },
        { "GET", "/api/audit/users/{id}/as-of", "/api/audit/users/{ada}/as-of?at={now}", null, 200 },
        { "GET", "/api/audit/groups/{id}/as-of", "/api/audit/groups/{group}/as-of?at={now}", null, 200 },
        { "GET", "/api/audit/users/{id}/diff", "/api/audit/users/{ada}/diff?from=0", null, 200 },
        { "GET", "/api/audit/groups/{id}/diff", "/api/audit/groups/{group}/diff?from=0&count=1", null, 200 },
        { "GET", "/api/audit/users/{id}/groups", "/api/audit/users/{ada}/groups", null, 200 },
        { "GET", "/api/audit/groups/{id}/groups", "/api/audit/groups/{group}/groups?at=2001-01-01T00:00:00Z", null, 404 },
        { "GET", "/api/audit/groups/{id}/groups", "/api/audit/groups/{group}/groups", null, 200 },
        { "GET", "/api/audit/groups/{id}/members", "/api/audit/groups/{group}/members?nested=true", null, 200 },
        { "GET", "/api/audit/groups/{id}/members", "/api/audit/groups/{group}/members?version=1", null, 200 },
        { "GET", "/api/audit/connections/{id}/changes", "/api/audit/connections/{okta}/changes?from=2001-01-01T00:00:00Z&count=1", null, 200 },
        { "POST", "/api/admin/users/{id}/restore/preview", "/api/admin/users/{grace}/restore/preview", """{"memberships":true}""", 200 },
        { "POST", "/api/admin/users/{id}/restore", "/api/admin/users/{ada}/restore", """{"version":1}""", 200 },
        { "POST", "/api/admin/groups/{id}/restore/preview", "/api/admin/groups/{group}/restore/preview", """{"version":1,"memberships":true}""", 200 },
        { "POST", "/api/admin/groups/{id}/restore", "/api/admin/groups/{group}/restore", """{"version":1}""", 200 },
        { "POST", "/api/admin/connections/{id}/undo/preview", "/api/admin/connections/{okta}/undo/preview", """{"from":"2001-01-01T00:00:00Z"}""", 200 },
        { "POST", "/api/admin/preview", "/api/admin/preview", """{"method":"DELETE","path":"/Users/{ada}"}""", 200 },
        { "POST", "/api/admin/preview", "/api/admin/preview", """{"method":"POST","path":"/Users","body":{"userName":"ada@example.com"}}""", 200 },
        { "GET", "/api/admin/provisioning", "/api/admin/provisioning", null, 200 },
        { "PUT", "/api/admin/provisioning", "/api/admin/provisioning", """{"silentHours":12}""", 200 },
        { "PUT", "/api/admin/provisioning", "/api/admin/provisioning", """{"enabled":false}""", 400 },
        { "GET", "/api/admin/connections", "/api/admin/connections", null, 200 },
        { "POST", "/api/admin/connections", "/api/admin/connections", """{"name":"Described"}""", 201 },
        { "POST", "/api/admin/connections", "/api/admin/connections", """{"name":"okta"}""", 409 },
        { "GET", "/api/admin/connections/{id}", "/api/admin/connections/{okta}", null, 200 },
        { "GET", "/api/admin/connections/{id}", "/api/admin/connections/none", null, 404 },
        { "PUT", "/api/admin/connections/{id}/brake", "/api/admin/connections/{okta}/brake", """{"changes":1000}""", 200 },
        { "GET", "/api/admin/tokens", "/api/admin/tokens", null, 200 },
        { "POST", "/api/admin/tokens", "/api/admin/tokens", """{"kind":"audit","expiresInDays":5}""", 201 },
        { "POST", "/api/admin/tokens", "/api/admin/tokens", """{"kind":"scim"}""", 400 },
        { "POST", "/api/admin/users/{id}/erase", "/api/admin/users/{grace}/erase", "{}", 400 },
        { "GET", "/api/admin/adoption", "/api/admin/adoption", null, 200 },
        { "PUT", "/api/admin/adoption", "/api/admin/adoption", """{"consentRequired":false}""", 200 },
        { "GET", "/api/admin/adoptions", "/api/admin/adoptions?answer=pending", null, 200 },
        { "POST", "/api/admin/adoptions/{id}/consent", "/api/admin/adoptions/{ada}/consent", null, 404 },
        { "POST", "/api/admin/users/{id}/deactivate", "/api/admin/users/{ada}/deactivate", null, 409 },
        { "DELETE", "/api/admin/groups/{id}", "/api/admin/groups/{group}", null, 409 },
        { "GET", "/api/admin/users", "/api/admin/users?managedBy={okta}", null, 200 },
        { "GET", "/api/admin/groups", "/api/admin/groups?count=1", null, 200 },
        { "GET", "/api/admin/users/{id}", "/api/admin/users/{ada}", null, 200 },
        { "GET", "/api/admin/groups/{id}", "/api/admin/groups/{group}", null, 200 },
        { "GET", "/api/admin/users", "/api/admin/users?managedBy=nobody", null, 400 },
        { "POST", "/api/admin/jobs", "/api/admin/jobs", """{"kind":"verify"}""", 202 },
        { "POST", "/api/admin/jobs", "/api/admin/jobs", """{"kind":"nonsense"}""", 400 },
        { "GET", "/api/admin/jobs", "/api/admin/jobs?count=2", null, 200 },
        { "GET", "/api/admin/jobs/{id}", "/api/admin/jobs/{ada}", null, 404 },
        { "POST", "/api/admin/imports", "/api/admin/imports", """[{"userName":"imported@example.com"}]""", 202 },
        { "GET", "/api/admin/imports", "/api/admin/imports", null, 200 },
        { "GET", "/api/admin/imports/{id}", "/api/admin/imports/{ada}", null, 404 },
        { "POST", "/api/audit/exports", "/api/audit/exports?action=create", null, 202 },
        { "GET", "/api/audit/exports", "/api/audit/exports", null, 200 },
        { "GET", "/api/audit/exports/{id}/file", "/api/audit/exports/{ada}/file", null, 404 },
        { "GET", Scim, Scim, null, 200 },
        { "GET", Scim + "/Users", Scim + "/Users?count=1", null, 200 },
        { "GET", Scim + "/Users", Scim + "/Users?filter=nonsense", null, 400 },
        { "GET", Scim + "/Users/{id}", Scim + "/Users/{ada}", null, 200 },
        { "GET", Scim + "/Users/{id}", Scim + "/Users/nobody", null, 404 },
        { "PATCH", Scim + "/Users/{id}", Scim + "/Users/{ada}", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"nickName","value":"A"}]}""", 200 },
        { "GET", Scim + "/Groups", Scim + "/Groups", null, 200 },
        { "GET", Scim + "/Groups/{id}", Scim + "/Groups/{group}", null, 200 },
        { "POST", Scim + "/Users/.search", Scim + "/Users/.search", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"cursor":"","count":1}""", 200 },
        { "POST", Scim + "/Bulk", Scim + "/Bulk", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Users/nobody"}]}""", 200 },
        { "GET", Scim + "/ServiceProviderConfig", Scim + "/ServiceProviderConfig", null, 200 },
        { "GET", Scim + "/Schemas", Scim + "/Schemas", null, 200 },
        { "GET", Scim + "/Me", Scim + "/Me", null, 501 },
        { "GET", "/health/ready", "/health/ready", null, 200 },
    };

    [Fact]
    public void the_description_is_valid_OpenAPI()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(directory.Document.ToJsonString(), OpenApiConstants.Json);

        diagnostic!.Errors.ShouldBeEmpty();
        diagnostic.Warnings.ShouldBeEmpty();
        diagnostic.SpecificationVersion.ShouldBe(OpenApiSpecVersion.OpenApi3_1);
        document!.Paths.Count.ShouldBe(directory.Document["paths"]!.AsObject().Count);
        References(directory.Document).Where(reference => Target(reference) is null).ShouldBeEmpty();
    }

    [Fact]
    public void every_endpoint_is_described_by_a_sentence_its_answers_and_who_may_call_it()
    {
        string[] mapped =
        [
            .. from endpoint in directory.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
               let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
               where path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/health/", StringComparison.Ordinal)
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
               select $"{method} {path}",
        ];

        mapped.Length.ShouldBeGreaterThan(60);
        directory.Operations.Keys.Order().ShouldBe(mapped.Distinct().Order());
        foreach (var (name, operation) in directory.Operations)
        {
            ((string?)operation["summary"]).ShouldNotBeNull(name).ShouldMatch("^[A-Z].{8,}\\.$", name);
            ((string?)operation["summary"]).ShouldNotBe((string?)operation["operationId"], name);
            operation["description"]?.ToString().ShouldNotBe((string?)operation["operationId"], name);
            operation["tags"]!.AsArray().Count.ShouldBe(1, name);
            foreach (var (status, answer) in operation["responses"]!.AsObject())
                if (status is not ("204" or "202" or "304"))
                    answer!["content"]?.AsObject().Count.ShouldBeGreaterThan(0, $"{name} {status}");
            operation["responses"]!.AsObject().ShouldContain(r => r.Key.StartsWith('2') || r.Key == "501", name);
            (operation["security"]?.AsArray().Count ?? 0).ShouldBe(name.Contains("/health/", StringComparison.Ordinal) ? 0 : 1, name);
        }
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task an_answer_is_what_the_description_says_and_has_nothing_that_it_does_not_say(
        string method, string path, string sent, string? body, int status)
    {
        var token = path.StartsWith("/api/admin", StringComparison.Ordinal) ? directory.AdminToken
            : path.StartsWith(Scim, StringComparison.Ordinal) ? directory.ScimToken : directory.AuditToken;
        var type = path.StartsWith(Scim, StringComparison.Ordinal) ? "application/scim+json" : "application/json";
        var answer = await directory.Send(method, Fill(sent), body is null ? null : Fill(body), ("Authorization", $"Bearer {token}"), ("Content-Type", type));

        answer.Status.ShouldBe(status, answer.Text);
        var described = directory.Operations[$"{method} {path}"]["responses"]![$"{status}"].ShouldNotBeNull();
        var media = answer.Header("Content-Type")!.Split(';')[0];
        var schema = described["content"]![media].ShouldNotBeNull(media)["schema"]!;
        var result = Strict(schema).Evaluate(answer.Body, new EvaluationOptions { OutputFormat = OutputFormat.List });
        result.IsValid.ShouldBeTrue(string.Join('\n', result.Details.Where(d => d.HasErrors).Select(d => $"{d.InstanceLocation}: {JsonSerializer.Serialize(d.Errors)}")));
    }

    [Theory]
    [InlineData("/api/audit/entries")]
    [InlineData("/api/audit/requests")]
    [InlineData("/api/audit/requests/causes")]
    [InlineData("/api/audit/access")]
    [InlineData("/api/audit/reports/deprovisioning")]
    [InlineData("/api/audit/reports/joiners-movers-leavers")]
    [InlineData("/api/audit/reports/untouched")]
    [InlineData("/api/audit/reports/no-op-pushes")]
    public async Task the_parameters_that_are_described_are_those_that_are_taken(string path)
    {
        var refusal = await directory.Audit($"{path["/api/audit".Length..]}?nonsense=1");

        var taken = ((string)refusal.Body!["detail"]!).Split("there are ")[1].TrimEnd('.').Split(", ");
        directory.Query($"GET {path}").Order(StringComparer.Ordinal).ShouldBe(taken);
    }

    [Fact]
    public void the_pages_for_readers_name_every_endpoint_of_the_audit_and_no_other()
    {
        var text = string.Concat(System.IO.Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Docs"), "*.md").Select(File.ReadAllText));
        var named = Regex.Matches(text, @"(?:GET|POST|PUT|DELETE) (/api/(?:audit|admin)/[a-z{}/-]+)").Select(m => m.Groups[1].Value.Replace("{n}", "{version}", StringComparison.Ordinal)).ToHashSet();
        var described = directory.Operations.Keys.Select(o => o.Split(' ')[1]).Where(p => p.StartsWith("/api/a", StringComparison.Ordinal)).ToHashSet();

        named.Except(described).ShouldBeEmpty();
        // What is told of users "and groups alike" is named once.
        described.Except(named).Where(p => !p.Contains("/groups/", StringComparison.Ordinal) && !p.EndsWith("/preview", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void the_table_of_parameters_of_the_search_is_that_of_the_description()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "audit-api.md"));
        var table = text.Split("## GET /api/audit/entries")[1].Split("\n## ")[0];
        var told = Regex.Matches(table, @"`(?:\?|&)?([a-zA-Z]+)(?:=[^`]*)?`").Select(m => m.Groups[1].Value).ToHashSet();

        directory.Query("GET /api/audit/entries").Where(name => !told.Contains(name) && !table.Contains($"{name}=", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private string Fill(string text) => text.Replace("{ada}", directory.Ada, StringComparison.Ordinal)
        .Replace("{grace}", directory.Grace, StringComparison.Ordinal).Replace("{group}", directory.Group, StringComparison.Ordinal)
        .Replace("{entry}", directory.Entry.ToString(), StringComparison.Ordinal)
        .Replace("{okta}", directory.Okta.ToString(), StringComparison.Ordinal)
        .Replace("{now}", directory.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The schema as a document of its own, in which an object has no members but those that are described.</summary>
    private JsonSchema Strict(JsonNode schema)
    {
        var whole = (JsonObject)schema.DeepClone();
        whole["$defs"] = directory.Document["components"]!["schemas"]!.DeepClone();
        Close(whole);
        return JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject json)
        {
            if (json["properties"] is JsonObject && !json.ContainsKey("additionalProperties")) json["additionalProperties"] = false;
            foreach (var child in json.Where(p => p.Key is not ("additionalProperties" or "enum")).Select(p => p.Value)) Close(child);
        }
        else if (node is JsonArray list)
            foreach (var child in list)
                Close(child);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(p => p is { Key: "$ref", Value: JsonValue value } ? [(string)value!] : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private JsonNode? Target(string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode?)directory.Document, (node, name) => node?[name]);
}

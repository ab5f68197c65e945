using System.Text.Json.Nodes;
using Directory.Domain.Provisioning;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages.Browsing;

/// <summary>Pages in a real browser, and an administrator's token to bring about what the pages then show.</summary>
public sealed class AdministeredDirectory(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium)
{
    public string AdminToken { get; } = BearerToken.New("admin");

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Directory:Bootstrap:AdminToken"] = AdminToken };

    /// <summary>A request below /api/admin that must succeed.</summary>
    public async Task<JsonNode> Administer(string method, string path, JsonNode? body = null) =>
        await Administer(method, path, body?.ToJsonString(), "application/json");

    /// <summary>A connection of its own, with a token.</summary>
    public async Task<(string Id, string Token)> Connect(string name)
    {
        var id = (string)(await Administer("POST", "/connections", new JsonObject { ["name"] = name, ["brake"] = new JsonObject { ["enabled"] = false } }))["id"]!;
        return (id, (string)(await Administer("POST", "/tokens", new JsonObject { ["kind"] = "scim", ["connectionId"] = id }))["value"]!);
    }

    /// <summary>A SCIM request of any connection.</summary>
    public Task<ScimAnswer> ScimBy(string token, string method, string path, JsonNode? body = null) =>
        Send(method, "/api/scim/v2" + path, body?.ToJsonString(), ("Authorization", $"Bearer {token}"));

    /// <summary>A SCIM write of the first connection that must succeed; the id is that of the answer, or of the path.</summary>
    public async Task<string> Write(string method, string path, JsonNode? body = null)
    {
        var answer = await Scim(method, path, body);
        answer.Status.ShouldBeInRange(200, 204, answer.ToString());
        return method == "POST" ? answer.Id : path.Split('/')[2];
    }

    /// <summary>A user that no connection manages.</summary>
    public async Task<Guid> LocalUser(string userName)
    {
        await Import($"userName,displayName\n{userName},Some Body\n");
        return await Scalar<Guid>("select id from scim_user where user_name = $1", userName);
    }

    /// <summary>A group that no connection manages.</summary>
    public async Task<Guid> LocalGroup(string displayName, string member)
    {
        await Import($"displayName,members\n{displayName},{member}\n");
        return await Scalar<Guid>("select id from scim_group where display_name = $1", displayName);
    }

    /// <summary>Uploads a file, which is checked before this returns.</summary>
    /// <returns>The id of the import.</returns>
    public async Task<string> Checked(string csv)
    {
        var uploaded = await Administer("POST", "/imports", csv, "text/csv");
        await JobOver((string)uploaded["job"]!["id"]!);
        return (string)uploaded["import"]!["id"]!;
    }

    /// <summary>Imports a file that must be without fault.</summary>
    public async Task Import(string csv) =>
        await JobOver((string)(await Administer("POST", $"/imports/{await Checked(csv)}/run"))["id"]!);

    public async Task JobOver(string id) => ((string?)(await Administer("GET", $"/jobs/{id}?wait=60"))["state"]).ShouldBe("done");

    /// <summary>Somebody who asks for pages without a browser.</summary>
    public async Task<Visitor> SignedIn(string name)
    {
        var visitor = new Visitor(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }, Address);
        (await visitor.SignIn(name, AdminPassword)).Status.ShouldBe(302);
        return visitor;
    }

    /// <summary>An auditor with the administrator's password.</summary>
    public async Task<Visitor> Auditor()
    {
        await Column<string>("""
            insert into administrator (id, tenant_id, name, password_hash, must_change_password, created_at, role)
            select gen_random_uuid(), tenant_id, 'auditor', password_hash, false, now(), 'auditor' from administrator where name = 'admin'
                and not exists (select from administrator where name = 'auditor') returning name
            """);
        return await SignedIn("auditor");
    }

    private async Task<JsonNode> Administer(string method, string path, string? body, string mediaType)
    {
        var answer = await Send(method, "/api/admin" + path, body, ("Authorization", $"Bearer {AdminToken}"), ("Content-Type", mediaType));
        answer.Status.ShouldBeInRange(200, 204, answer.ToString());
        return answer.Body ?? new JsonObject();
    }
}

/// <summary>Classes of tests that share one <see cref="AdministeredDirectory"/>, one after the other.</summary>
[CollectionDefinition]
public sealed class Administered : ICollectionFixture<AdministeredDirectory>;

using System.Text.Json.Nodes;
using Directory.Api.Integrity;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Pages.Browsing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

/// <summary>
/// A directory with a past: Ada was promoted and moved, Grace was deactivated and deleted, Mallory's every value is markup; groups within
/// groups; requests that were refused. All of it is sealed.
/// </summary>
public sealed class AuditedDirectory(TestDatabase databases, Chromium chromium) : BrowsedDirectory(databases, chromium), IAsyncLifetime
{
    public const string Provisioning = "/administration/authentication/provisioning";

    public const string Markup = "\"><img src=x onerror=alert(1)><script>document.title='pwned'</script>";

    public string Ada { get; private set; } = "";
    public string Grace { get; private set; } = "";
    public string Mallory { get; private set; } = "";
    public string Engineers { get; private set; } = "";
    public string Staff { get; private set; } = "";
    public string Odd { get; private set; } = "";

    /// <summary>When Ada was still an analyst.</summary>
    public DateTimeOffset BeforePromotion { get; private set; }

    /// <summary>The entry of Ada's promotion.</summary>
    public Guid Promotion { get; private set; }

    public Guid Okta { get; private set; }

    /// <summary>Every page of the audit, as an administrator sees it.</summary>
    public IReadOnlyList<string> AllPages =>
    [
        "/audit", "/audit?attribute=title&includeNoOps=false", "/audit?text=nothing-of-the-kind", $"/audit/entries/{Promotion}",
        "/users", "/users?state=deleted", $"/users/{Ada}", $"/users/{Ada}?at={Text(BeforePromotion)}", $"/users/{Ada}/timeline", $"/users/{Ada}/versions/2",
        $"/users/{Ada}/compare?from=v1", $"/users/{Ada}/groups", $"/users/{Ada}/restore?version=1&memberships=true", $"/users/{Grace}/restore", $"/users/{Ada}/erase",
        $"/users/{Mallory}", $"/users/{Mallory}/timeline", $"/users/{Mallory}/versions/2", $"/users/{Mallory}/compare?from=v1", $"/users/{Mallory}/groups",
        "/groups", $"/groups/{Odd}", $"/groups/{Odd}/members", $"/groups/{Odd}/timeline", $"/groups/{Staff}/members?nested=true", $"/groups/{Staff}/members?from=2001-01-01T00:00&nested=true",
        $"/groups/{Engineers}/compare?from=v1", $"/groups/{Engineers}/groups", "/failures", "/failures/requests?outcome=failure", "/integrity", "/reports",
        "/reports/deprovisioning?from=2001-01-01T00:00", "/reports/joiners-movers-leavers?from=2001-01-01T00:00", "/reports/untouched?since=2200-01-01T00:00",
        "/reports/no-op-pushes?from=2001-01-01T00:00", $"/administration/connections/{Okta}/undo?from=2001-01-01T00:00",
    ];

    /// <summary>Every page an administrator works on.</summary>
    public IReadOnlyList<string> AdministrationPages =>
    [
        "/", Provisioning, $"{Provisioning}?confirm=pause", $"/administration/connections/{Okta}", "/administration/import", "/administration/adoptions",
        "/administration/jobs", "/audit/exports", "/account/password", "/sign-out",
    ];

    /// <summary>Pages that show what was searched for, which is markup.</summary>
    public static IReadOnlyList<string> PagesWithMarkup =>
    [
        .. new[] { "/audit?text={0}", "/audit?targetName={0}&attribute={0}&actor={0}", "/audit/exports?targetName={0}", "/users?text={0}", "/groups?text={0}",
            "/failures/requests?route={0}" }.Select(p => string.Format(System.Globalization.CultureInfo.InvariantCulture, p, Uri.EscapeDataString(Markup))),
    ];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Ada = await Write("POST", "/Users", Some.User("ada@example.com", ("title", "Analyst"), ("displayName", "Ada Lovelace"), ("password", "hunter2-canary")));
        Grace = await Write("POST", "/Users", Some.User("grace@example.com"));
        Mallory = await Write("POST", "/Users", Some.User("mallory" + Markup, ("title", Markup), ("displayName", "<b>bold</b>\u202e"), ("nickName", "javascript:alert(1)"),
            ("emails", new JsonArray(new JsonObject { ["value"] = "<a href='https://elsewhere.example'>x</a>", ["type"] = Markup })), ("profileUrl", "https://elsewhere.example/")));
        Engineers = await Write("POST", "/Groups", Some.Group("Engineers", Ada, Grace));
        Staff = await Write("POST", "/Groups", Some.Group("All staff", Engineers));
        Odd = await Write("POST", "/Groups", Some.Group("Group " + Markup, Mallory));
        BeforePromotion = Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await Write("PATCH", $"/Users/{Ada}", Some.Patch("replace", "title", "Countess"));
        await Write("PATCH", $"/Users/{Ada}", Some.Patch("replace", "title", "Countess"));
        await Write("PATCH", $"/Users/{Mallory}", Some.Patch("replace", "title", "</td>" + Markup));
        await Write("PATCH", $"/Groups/{Engineers}", Some.Patch("remove", $"members[value eq \"{Ada}\"]"));
        await Write("PATCH", $"/Users/{Grace}", Some.Patch("replace", "active", false));
        await Write("DELETE", $"/Users/{Grace}");
        (await Scim("POST", "/Users", Some.User("ada@example.com"))).Status.ShouldBe(409);
        (await Scim("POST", "/Users", Some.User("ada@example.com"))).Status.ShouldBe(409);
        (await Scim("GET", "/Users?filter=" + Uri.EscapeDataString(Markup))).Status.ShouldBe(400);
        Promotion = await Scalar<Guid>("select id from audit_entry where action = 'patch' and not no_op and target_name = 'ada@example.com' order by seq limit 1");
        Okta = await Scalar<Guid>("select connection_id from credential where name = 'Okta'");
        await Seal();
        // An auditor with the administrator's password: accounts of that role come with their own pages.
        await Column<string>("""
            insert into administrator (id, tenant_id, name, password_hash, must_change_password, created_at, role)
            select gen_random_uuid(), tenant_id, 'auditor', password_hash, false, now(), 'auditor' from administrator where name = 'admin' returning name
            """);
    }

    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public async Task<string> Write(string method, string path, JsonNode? body = null)
    {
        var answer = await Scim(method, path, body);
        answer.Status.ShouldBeInRange(200, 204, answer.ToString());
        return method == "POST" ? answer.Id : path.Split('/')[2];
    }

    /// <summary>Somebody who asks for pages without a browser.</summary>
    public async Task<Visitor> SignedIn(string name)
    {
        var visitor = new Visitor(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }, Address);
        await visitor.SignIn(name, AdminPassword);
        return visitor;
    }

    private async Task Seal()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var installation = Services.GetRequiredService<InstallationSecret>().InstallationId;
        using var key = SigningKey.LoadOrCreate(Services.GetRequiredService<IntegritySettings>().KeyPath(installation));
        var sealer = new Sealer(Database, Services.GetRequiredService<StableSequence>(), Services.GetRequiredService<TimeProvider>(), key);
        while ((await Services.GetRequiredService<IntegrityQuery>().Status(cancellation)).Unsealed > 0) await sealer.Seal(1, cancellation);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Api.Hosting;
using Directory.Domain.Provisioning;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>The service with an administrator's token and a second SCIM connection.</summary>
public class ReplayFixture(TestDatabase databases) : DirectoryFixture(databases), IAsyncLifetime
{
    public string AdminToken { get; } = BearerToken.New("admin");

    /// <summary>The token of the second connection, "Payroll".</summary>
    public string PayrollToken { get; } = BearerToken.New("scim");

    public Guid Payroll { get; } = Guid.CreateVersion7();

    /// <summary>The connection of <see cref="DirectoryFixture.ScimToken"/>.</summary>
    public Guid Okta { get; private set; }

    /// <summary>The second connection changes what the first manages.</summary>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Directory:Connections:ShareResources"] = "true" };

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await Issue(AdminToken, TokenIdentity.Admin, null, "Root");
        await Services.GetRequiredService<ProvisioningStream>().Do(
            Service, [new CreateConnection(Payroll, "Payroll", null)], TestContext.Current.CancellationToken);
        await Issue(PayrollToken, TokenIdentity.Provisioner, Payroll, "Payroll");
        Okta = await Scalar<Guid>("select connection_id from credential where name = 'Okta'");
        await Prepare();
    }

    /// <summary>What happens before the tests.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    /// <summary>A POST below /api/admin.</summary>
    public Task<ScimAnswer> Admin(string path, JsonNode body, params (string Name, string Value)[] headers) =>
        Send("POST", "/api/admin" + path, body.ToJsonString(), [("Authorization", $"Bearer {AdminToken}"), .. headers]);

    /// <summary>A SCIM request of the second connection.</summary>
    public Task<ScimAnswer> ByPayroll(string method, string path, JsonNode? body = null) =>
        Send(method, "/api/scim/v2" + path, body?.ToJsonString(), ("Authorization", $"Bearer {PayrollToken}"));

    /// <summary>A SCIM write that must succeed; the id is that of the body, or of the path.</summary>
    public async Task<string> Write(string method, string path, JsonNode? body = null)
    {
        var answer = await Scim(method, path, body);
        answer.Status.ShouldBeInRange(200, 204, answer.ToString());
        return method == "POST" ? answer.Id : path.Split('/')[2];
    }

    public async Task<JsonNode> Audited(string path)
    {
        var answer = await Audit(path);
        answer.Status.ShouldBe(200, answer.ToString());
        return answer.Body!;
    }

    public async Task<JsonNode> Administered(string path, JsonNode body)
    {
        var answer = await Admin(path, body);
        answer.Status.ShouldBe(200, answer.ToString());
        return answer.Body!;
    }

    /// <summary>The time of the last event of all.</summary>
    public async Task<DateTimeOffset> LastEventTime() =>
        new(await Scalar<DateTime>("select max(timestamp) from mt_events"), TimeSpan.Zero);

    public Task<long> Events() => Scalar<long>("select count(*) from mt_events");

    public Task<long> VersionOf(string id) => Scalar<long>("select version from mt_streams where id = $1", Guid.Parse(id));

    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static Origin Service => new(DirectorySettings.DefaultTenant, Actor.Service, Guid.CreateVersion7().ToString());

    private Task Issue(string token, string role, Guid? connection, string name) =>
        Services.GetRequiredService<ProvisioningStream>().Issue(
            Service, new IssueToken(Guid.CreateVersion7(), role, connection, name, BearerToken.Prefix(token), null, null), token,
            TestContext.Current.CancellationToken);
}

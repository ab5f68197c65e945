using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Alba;
using Directory.Api.Admin.Provisioning;
using Directory.Domain.Provisioning;
using Directory.Projections.Provisioning;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

/// <summary>The service with a configured administrator's token.</summary>
public class ProvisioningFixture(TestDatabase databases) : DirectoryFixture(databases)
{
    public string AdminToken { get; } = BearerToken.New("admin");

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Directory:Bootstrap:AdminToken"] = AdminToken };

    /// <summary>A request below /api/admin with the administrator's token.</summary>
    public Task<ScimAnswer> Admin(string method, string path, JsonNode? body = null, params (string Name, string Value)[] headers) =>
        Send(method, "/api/admin" + path, body?.ToJsonString(), [("Authorization", $"Bearer {AdminToken}"), .. headers]);

    /// <summary>As <see cref="Admin"/>, and it must succeed.</summary>
    public async Task<JsonNode> Administer(string method, string path, JsonNode? body = null)
    {
        var answer = await Admin(method, path, body);
        answer.Status.ShouldBeInRange(200, 204, answer.ToString());
        return answer.Body ?? new JsonObject();
    }

    /// <summary>A SCIM request with any token, to any node.</summary>
    public Task<ScimAnswer> ScimBy(string token, string method, string path, JsonNode? body = null, IAlbaHost? node = null) => SendTo(
        node ?? Host, method, "/api/scim/v2" + path, body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())),
        ("Authorization", $"Bearer {token}"));

    /// <summary>A connection of its own, with a token.</summary>
    public async Task<(string Id, string Token)> Connect(string name, JsonObject? brake = null)
    {
        var id = (string)(await Administer("POST", "/connections", new JsonObject { ["name"] = name, ["brake"] = brake ?? new JsonObject { ["enabled"] = false } }))["id"]!;
        return (id, (string)(await IssueScim(id))["value"]!);
    }

    public Task<JsonNode> IssueScim(string connection) =>
        Administer("POST", "/tokens", new JsonObject { ["kind"] = "scim", ["connectionId"] = connection });

    /// <summary>Creates users by a connection.</summary>
    public async Task<IReadOnlyList<string>> Users(string token, string name, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var answer = await ScimBy(token, "POST", "/Users", Some.User($"{name}-{i}@example.com"));
            answer.Status.ShouldBe(201, answer.ToString());
            ids.Add(answer.Id);
        }

        return ids;
    }

    /// <summary>Waits until a node has heard of everything that was done so far.</summary>
    public async Task HasHeard(Ear ear) => await ear.Until(
        await Scalar<string>("select id || '/' || version from mt_streams where id = $1", ProvisioningStream.StreamId("default")));

    public static JsonObject Deactivation() => Some.Patch("replace", null, new JsonObject { ["active"] = false });

    /// <summary>What a node hears from the database from now on.</summary>
    public sealed class Ear
    {
        private readonly Channel<string> heard = Channel.CreateUnbounded<string>();

        public static async Task<Ear> Of(IAlbaHost node)
        {
            var (ear, signal) = (new Ear(), node.Services.GetRequiredService<ProvisioningSignal>());
            await signal.Hearing.WaitAsync(TestContext.Current.CancellationToken);
            signal.Heard += told => ear.heard.Writer.TryWrite(told);
            return ear;
        }

        /// <param name="told">A version of the stream, or nothing for when it may have missed some.</param>
        public async Task Until(string told)
        {
            while (await heard.Reader.ReadAsync(TestContext.Current.CancellationToken) != told)
            {
            }
        }
    }
}

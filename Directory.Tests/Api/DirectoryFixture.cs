using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Alba;
using Directory.Api.Protocol;
using Directory.Domain.Provisioning;
using Directory.Tests.Hosting;
using Marten;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>
/// The whole service on an empty database of its own, as <c>Program</c> builds it; only the socket is left out. One for each test
/// class (<c>IClassFixture&lt;DirectoryFixture&gt;</c>), so that classes run side by side.
/// </summary>
public class DirectoryFixture(TestDatabase databases) : IAsyncLifetime
{
    public const string AdminPassword = "an-administrators-password";

    private readonly string folder = TemporaryFolder.NewName();
    private readonly List<IAlbaHost> nodes = [];
    private string database = "";
    private IAlbaHost? host;
    private Service? service;

    /// <summary>The token of the SCIM connection; <see cref="AuditToken"/> is the auditor's.</summary>
    public string ScimToken { get; } = BearerToken.New("scim");

    public string AuditToken { get; } = BearerToken.New("audit");

    /// <summary>Everything that the service has logged.</summary>
    public LogLines Log { get; } = new();

    public string ConnectionString => database;

    public IServiceProvider Services => service?.Services ?? Host.Services;

    public IDocumentStore Store => Services.GetRequiredService<IDocumentStore>();

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    public IAlbaHost Host => host ?? throw new InvalidOperationException("The service has not been started.");

    /// <summary>Whether the service listens on a port of this machine; else it is called within the process.</summary>
    protected virtual bool OnSocket => false;

    /// <summary>Where the service listens.</summary>
    public Uri Address => service?.ClientOptions.BaseAddress ?? throw new InvalidOperationException("The service is not on a socket.");

    /// <summary>Settings beside the database and the credentials.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public virtual async ValueTask InitializeAsync()
    {
        database = await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await Start();
    }

    /// <summary>Stops the service as its host would, and starts it again on the same database.</summary>
    public async Task Restart()
    {
        foreach (var node in nodes.AsEnumerable().Reverse()) await node.DisposeAsync();
        nodes.Clear();
        if (service is not null) await service.DisposeAsync();
        await Start();
    }

    private async Task Start()
    {
        if (OnSocket)
        {
            service = new Service(Configure);
            service.UseKestrel(0); // any free port
            service.StartServer();
        }
        else
            host = await StartNode();
    }

    /// <summary>Another node of the service on the same database; it is stopped with the first.</summary>
    public async Task<IAlbaHost> StartNode()
    {
        var node = await AlbaHost.For<Program>(Configure);
        nodes.Add(node);
        return node;
    }

    private void Configure(IWebHostBuilder web)
    {
        // Settings of the host reach Program as command line arguments, so they are there when it reads its configuration.
        web.UseSetting("ConnectionStrings:Directory", database);
        web.UseSetting("Directory:DataFolder", folder);
        web.UseSetting("Directory:Bootstrap:ScimToken", ScimToken);
        web.UseSetting("Directory:Bootstrap:AuditToken", AuditToken);
        web.UseSetting("Directory:Bootstrap:AdminPassword", AdminPassword);
        foreach (var (name, value) in Settings) web.UseSetting(name, value);
        web.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.AsEnumerable().Reverse()) await node.DisposeAsync();
        if (service is not null) await service.DisposeAsync();
        TemporaryFolder.Delete(folder);
        GC.SuppressFinalize(this);
    }

    /// <summary>A SCIM request with the connection's token, such as <c>Scim("POST", "/Users", user)</c>.</summary>
    /// <param name="method">GET, POST, PUT, PATCH, DELETE or another.</param>
    /// <param name="path">Below the base URL, with its query.</param>
    /// <param name="body">Sent as application/scim+json unless a header says otherwise.</param>
    /// <param name="headers">Beside the token; a name that repeats is sent repeatedly.</param>
    public Task<ScimAnswer> Scim(string method, string path, JsonNode? body = null, params (string Name, string Value)[] headers) =>
        Send(method, ScimAddress.Path + path, body?.ToJsonString(), [("Authorization", $"Bearer {ScimToken}"), .. headers]);

    /// <summary>A GET below /api/audit with the auditor's token.</summary>
    public Task<ScimAnswer> Audit(string path, params (string Name, string Value)[] headers) =>
        Send("GET", "/api/audit" + path, null, [("Authorization", $"Bearer {AuditToken}"), .. headers]);

    /// <summary>Any request: nothing is added to it but the content type, and that only if the headers name none.</summary>
    public Task<ScimAnswer> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendContent(method, path, body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)), headers);

    /// <summary>As <see cref="Send"/>, with a body that is not text.</summary>
    public Task<ScimAnswer> SendContent(
        string method, string path, HttpContent? content, params (string Name, string Value)[] headers) =>
        SendTo(null, method, path, content, headers);

    /// <summary>As <see cref="SendContent"/>, to one of several nodes; null for the first.</summary>
    public async Task<ScimAnswer> SendTo(
        IAlbaHost? node, string method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                content?.Headers.TryAddWithoutValidation(name, value);
        if (content is { Headers.ContentType: null } && !headers.Any(h => h.Name == "Content-Type"))
            content.Headers.ContentType = new MediaTypeHeaderValue(ScimJson.MediaType) { CharSet = "utf-8" };
        using var client = node is null && service is not null ? service.CreateClient() : (node ?? Host).Server.CreateClient();
        using var response = await client.SendAsync(request, cancellation);
        var answer = await ScimAnswer.Read(response, cancellation);
        if (answer.Status == 500) TestContext.Current.TestOutputHelper?.WriteLine(Log.Errors.LastOrDefault(answer.Text));
        return answer;
    }

    /// <summary>One value out of the database, such as a count.</summary>
    public async Task<T> Scalar<T>(string sql, params object[] parameters) => (await Column<T>(sql, parameters)).Single();

    /// <summary>The first column of what a query finds.</summary>
    public async Task<IReadOnlyList<T>> Column<T>(string sql, params object[] parameters)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var command = Database.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var values = new List<T>();
        while (await reader.ReadAsync(cancellation)) values.Add(reader.GetFieldValue<T>(0));
        return values;
    }

    private sealed class Service(Action<IWebHostBuilder> configure) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => configure(builder);
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Directory.Domain.Provisioning;
using Directory.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>The service with its real server on a port of this machine, for requests that no client library would send.</summary>
public sealed class KestrelFixture(TestDatabase databases) : IAsyncLifetime
{
    public const string PublicUrl = "https://directory.example.com";

    private Service? service;

    public string ScimToken { get; } = BearerToken.New("scim");

    public string AuditToken { get; } = BearerToken.New("audit");

    public async ValueTask InitializeAsync()
    {
        var database = await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        service = new Service(new Dictionary<string, string>
        {
            ["ConnectionStrings:Directory"] = database,
            ["Directory:PublicUrl"] = PublicUrl,
            ["Directory:Bootstrap:ScimToken"] = ScimToken,
            ["Directory:Bootstrap:AuditToken"] = AuditToken,
            ["Directory:Bootstrap:AdminPassword"] = DirectoryFixture.AdminPassword,
        });
        service.UseKestrel(0); // any free port
        service.StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null) await service.DisposeAsync();
    }

    /// <summary>Sends the bytes as they are and reads until the server closes the connection.</summary>
    /// <returns>The status (0 if the server only closed) and the whole answer.</returns>
    public async Task<(int Status, string Text)> Send(byte[] request)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", service!.ClientOptions.BaseAddress.Port, cancellation);
        var stream = client.GetStream();
        var text = new StringBuilder();
        try
        {
            await stream.WriteAsync(request, cancellation);
            var buffer = new byte[8192];
            for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // The server has answered and closed before it had read everything.
        }

        var answer = text.ToString();
        var status = answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
        return (status, answer);
    }

    /// <summary>Sends a request line and headers, with line ends as HTTP wants them, and a body.</summary>
    public Task<(int Status, string Text)> Send(string requestLine, string body = "", params string[] headers) => Send(Encoding.UTF8.GetBytes(
        $"{requestLine} HTTP/1.1\r\n{string.Concat(headers.Prepend("Host: 127.0.0.1").Append("Connection: close").Select(h => h + "\r\n"))}\r\n{body}"));

    private sealed class Service(IReadOnlyDictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (name, value) in settings) builder.UseSetting(name, value);
            builder.ConfigureLogging(logging => logging.ClearProviders());
        }
    }
}

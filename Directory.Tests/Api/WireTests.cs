using System.Globalization;
using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>What only shows on the wire: paths that clients normalise, bodies without an end, headers that should not be.</summary>
public sealed class WireTests(KestrelFixture service) : IClassFixture<KestrelFixture>
{
    public static TheoryData<string> Disguises =>
    [
        "/api/scim/v2/%55sers", "/api/scim//v2/Users", "/api/scim/v2//Users", "//api/scim/v2/Users", "/API/SCIM/V2/users/",
        "/api/scim/v2/Users/", "/api/scim/v2/Users;x=1", "/api/scim/v2/x/%2e%2e/Users", "/api/scim/v2/x/../Users",
        "/api/scim/v2/./Users", "/api/scim/v2/%2e/Users", "/api/scim/v2/Users%2F", "/api/scim/v2/Users%00", "/api/scim/v2\\Users",
        "/api/scim/v2/Users%20", "/health/live/../../api/scim/v2/Users", "/health/live/%2e%2e/%2e%2e/api/scim/v2/Users",
        "http://127.0.0.1/api/scim/v2/Users", "http://directory.invalid/api/scim/v2/Users", "/api/scim/v2/%2555sers",
        "/api/audit/entries/", "/api/audit//entries", "/api/%61udit/entries", "/API/AUDIT/ENTRIES", "/api/audit/x/../entries",
    ];

    [Theory, MemberData(nameof(Disguises))]
    public async Task no_spelling_of_a_path_is_open_to_everybody(string path) =>
        (await service.Send($"GET {path}")).Status.ShouldBeOneOf(400, 401, 404);

    [Theory, MemberData(nameof(Disguises))]
    public async Task no_spelling_of_a_path_opens_it_to_the_other_role(string path)
    {
        var wrong = path.Contains("scim", StringComparison.OrdinalIgnoreCase) ? service.AuditToken : service.ScimToken;

        (await service.Send($"GET {path}", "", $"Authorization: Bearer {wrong}")).Status.ShouldBeOneOf(400, 403, 404);
    }

    [Theory]
    [InlineData("GET /api/scim/v2/Users")]
    [InlineData("GET /api/scim/v2/%55sers")]
    [InlineData("GET /api/scim/v2/users")]
    [InlineData("GET http://127.0.0.1/api/scim/v2/Users")]
    public async Task a_spelling_that_means_the_same_path_is_answered_like_it(string line) =>
        (await service.Send(line, "", Bearer)).Status.ShouldBe(200);

    [Fact]
    public async Task a_body_that_announces_too_much_is_refused_before_it_is_sent()
    {
        var (status, text) = await service.Send("POST /api/scim/v2/Users", "", Bearer, Json, "Content-Length: 52428800");

        status.ShouldBe(413);
        text.ShouldContain($"\"schemas\":[\"{ScimUrns.Error}\"]");
        text.ShouldContain("\"status\":\"413\"");
    }

    [Fact]
    public async Task a_body_in_chunks_is_refused_once_it_is_too_long()
    {
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";

        var (status, text) = await service.Send(
            "POST /api/scim/v2/Users", string.Concat(Enumerable.Repeat(chunk, 40)) + "0\r\n\r\n", Bearer, Json, "Transfer-Encoding: chunked");

        status.ShouldBe(413);
        text.ShouldContain("\"status\":\"413\"");
    }

    [Fact]
    public async Task a_body_in_chunks_is_read()
    {
        var body = Some.User("chunked@example.com").ToJsonString();

        var (status, text) = await service.Send("POST /api/scim/v2/Users",
            $"5\r\n{body[..5]}\r\n{body.Length - 5:x}\r\n{body[5..]}\r\n0\r\n\r\n", Bearer, Json, "Transfer-Encoding: chunked");

        status.ShouldBe(201, text);
    }

    [Fact]
    public async Task a_forged_host_is_in_no_address()
    {
        var body = Some.User("host@example.com").ToJsonString();

        var (status, text) = await service.Send("POST /api/scim/v2/Users", body, Bearer, Json,
            Length(body), "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: gopher", "Forwarded: host=evil.example");

        status.ShouldBe(201, text);
        text.ShouldContain($"Location: {KestrelFixture.PublicUrl}/api/scim/v2/Users/");
        text.ShouldContain($"\"location\":\"{KestrelFixture.PublicUrl}/api/scim/v2/Users/");
        text.ShouldNotContain("evil");
        text.ShouldNotContain("127.0.0.1");
    }

    [Theory]
    [InlineData("Host: evil.example")]
    [InlineData("Host: ")]
    public async Task two_hosts_are_refused(string second) =>
        (await service.Send("GET /api/scim/v2/Users", "", Bearer, second)).Status.ShouldBe(400);

    [Fact]
    public async Task a_request_id_that_is_too_long_is_replaced()
    {
        var (status, text) = await service.Send("GET /api/scim/v2/Users", "", Bearer, $"X-Request-Id: {new string('x', 10_000)}");

        status.ShouldBe(200);
        text.ShouldNotContain("xxxxxxxx");
        text.ShouldContain("X-Request-Id: ");
    }

    [Fact]
    public async Task headers_beyond_the_limit_are_refused() =>
        (await service.Send("GET /api/scim/v2/Users", "", Bearer, $"X-Filler: {new string('x', 40_000)}")).Status.ShouldBe(431);

    [Fact]
    public async Task a_filter_beyond_the_limit_of_a_line_is_refused() =>
        (await service.Send($"GET /api/scim/v2/Users?filter={new string('(', 100_000)}", "", Bearer)).Status.ShouldBeOneOf(400, 414);

    [Theory]
    [InlineData("GET /api/scim/v2/Users HTTP/1.1\nHost: 127.0.0.1\r\nConnection: close\r\nX: y\nZ: a\r\n\r\n")] // bare line feeds
    [InlineData("GET /api/scim/v2/Users HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n")]
    [InlineData("GET /api/scim/v2/Users\r\n\r\n")]
    [InlineData("POST /api/scim/v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("POST /api/scim/v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /api/scim/v2/Users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n")]
    public async Task what_is_no_http_is_never_served(string bytes) =>
        (await service.Send(System.Text.Encoding.ASCII.GetBytes(bytes))).Status.ShouldBeOneOf(0, 400, 401, 501);

    [Fact]
    public async Task an_answer_does_not_name_the_server() =>
        (await service.Send("GET /api/scim/v2/Users", "", Bearer)).Text.ShouldNotContain("Server:", Case.Insensitive);

    private const string Json = "Content-Type: application/scim+json";

    private string Bearer => $"Authorization: Bearer {service.ScimToken}";

    private static string Length(string body) => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}");
}

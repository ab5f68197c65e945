using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>Methods, entity tags and preconditions (RFC 7644 §3.14, RFC 9110 §9 and §13).</summary>
public sealed class MethodTests(SmallDirectory directory) : IClassFixture<SmallDirectory>
{
    [Theory]
    [InlineData("/Users/{0}")]
    [InlineData("/Users?count=2")]
    [InlineData("/ServiceProviderConfig")]
    [InlineData("/Schemas")]
    [InlineData("/Users/unknown")]
    [InlineData("/nowhere")]
    public async Task HEAD_is_GET_without_the_body(string path)
    {
        path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, directory.Users[0]);
        var get = await directory.Scim("GET", path);
        var head = await directory.Scim("HEAD", path);
        head.Status.ShouldBe(get.Status);
        head.Text.ShouldBeEmpty();
        foreach (var header in new[] { "Content-Type", "Content-Length", "ETag" }) head.Header(header).ShouldBe(get.Header(header), header);
        head.Header("Content-Length").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/Users", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/Users/{0}", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT")]
    [InlineData("/Users/.search", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")]
    [InlineData("/.search", "OPTIONS, POST")]
    [InlineData("/ServiceProviderConfig", "GET, HEAD, OPTIONS")]
    [InlineData("", "GET, HEAD, OPTIONS")]
    public async Task OPTIONS_names_the_methods_of_a_path(string path, string methods)
    {
        var answer = await directory.Scim("OPTIONS", string.Format(System.Globalization.CultureInfo.InvariantCulture, path, directory.Users[0]));
        answer.Status.ShouldBe(204, answer.Text);
        string.Join(", ", answer.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal)).ShouldBe(methods);
        answer.Text.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DELETE", "/Users")]
    [InlineData("PUT", "/Groups")]
    [InlineData("POST", "/Users/{0}")]
    [InlineData("TRACE", "/Users")]
    [InlineData("POST", "/ServiceProviderConfig")]
    [InlineData("DELETE", "/Schemas")]
    public async Task another_method_is_refused_with_those_there_are(string method, string path)
    {
        var answer = await directory.Scim(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, directory.Users[0]));
        answer.Status.ShouldBe(405);
        answer.Header("Allow")!.ShouldContain("OPTIONS");
        ((string?)answer.Body!["schemas"]![0]).ShouldBe(ScimUrns.Error);
    }

    [Fact]
    public async Task nobody_sees_the_methods_without_a_token() =>
        (await directory.Send("OPTIONS", "/api/scim/v2/Users")).Status.ShouldBe(401);

    [Theory]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("X-HTTP-Method")]
    [InlineData("X-Method-Override")]
    public async Task headers_do_not_override_the_method(string header)
    {
        (await directory.Scim("GET", $"/Users/{directory.Users[2]}", null, (header, "DELETE"))).Status.ShouldBe(200);
        (await directory.Scim("GET", $"/Users/{directory.Users[2]}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/Users/{0}")]
    [InlineData("/Groups/{1}")]
    [InlineData("/ServiceProviderConfig")]
    [InlineData("/ResourceTypes")]
    [InlineData("/ResourceTypes/User")]
    [InlineData("/Schemas")]
    [InlineData("/Schemas/" + ScimUrns.User)]
    public async Task what_a_client_knows_is_not_sent_again(string path)
    {
        path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, directory.Users[3], directory.Groups[0]);
        var etag = (await directory.Scim("GET", path)).Header("ETag")!;
        etag.ShouldStartWith("W/\"");
        foreach (var known in new[] { etag, etag[2..], "*", $"\"other\", {etag}" })
            foreach (var method in new[] { "GET", "HEAD" })
            {
                var answer = await directory.Scim(method, path, null, ("If-None-Match", known));
                (answer.Status, answer.Text, answer.Header("ETag")).ShouldBe((304, "", etag), known);
            }

        (await directory.Scim("GET", path, null, ("If-None-Match", "W/\"other\""))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("If-Match", "W/\"{0}\"", true)]
    [InlineData("If-Match", "\"{0}\"", true)]
    [InlineData("If-Match", "*", true)]
    [InlineData("If-Match", "\"99\", W/\"{0}\"", true)]
    [InlineData("If-Match", "W/\"99\"", false)]
    [InlineData("If-None-Match", "W/\"99\"", true)]
    [InlineData("If-None-Match", "W/\"{0}\"", false)]
    [InlineData("If-None-Match", "*", false)]
    public async Task a_change_demands_a_version(string header, string tag, bool isMet)
    {
        var user = await directory.Scim("POST", "/Users", Some.User($"{Guid.NewGuid():n}@example.com"));
        var at = $"/Users/{user.Id}";
        var (version, title) = (1, 0);
        foreach (var (method, status) in new[] { ("PUT", 200), ("PATCH", 200), ("DELETE", 204) })
        {
            var body = method switch
            {
                "PUT" => Some.User((string)user.Body!["userName"]!, ("title", $"{++title}")),
                "PATCH" => Some.Patch("replace", "title", $"{++title}"),
                _ => null,
            };
            var value = string.Format(System.Globalization.CultureInfo.InvariantCulture, tag, version);
            var answer = await directory.Scim(method, at, body, (header, value));
            answer.Status.ShouldBe(isMet ? status : 412, $"{method} {answer}");
            if (isMet) version++;
        }

        (await directory.Scim("GET", at)).Header("ETag").ShouldBe(isMet ? null : "W/\"1\"");
        await directory.Scim("DELETE", at);
    }

    [Fact]
    public async Task a_read_may_demand_a_version_too() =>
        (await directory.Scim("GET", $"/Users/{directory.Users[4]}", null, ("If-Match", "W/\"99\""))).Status.ShouldBe(412);
}

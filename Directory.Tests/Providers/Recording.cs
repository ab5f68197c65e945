using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Tests.Api;
using Shouldly;

namespace Directory.Tests.Providers;

/// <summary>
/// A sequence of requests as an identity provider sends them, each with the answer it needs, replayed against the service:
/// <code>
/// { "note": "…", "name": "create", "request": { "method": "POST", "path": "/Users", "headers": {…}, "body": {…} },
///   "expect": { "status": 201, "headers": {…}, "body": {…} }, "then": {…} }
/// </code>
/// A path is below the base URL unless it begins with /api; the audit is asked with the auditor's token. After a PUT or PATCH that was
/// accepted the resource is read again and must be what <c>then</c> says and, where the answer had a body, that body. A name makes
/// <c>{{name.requestId}}</c> and <c>{{name.bodySha256}}</c> known to what follows.
/// </summary>
public sealed class Recording(DirectoryFixture directory, string folder)
{
    private readonly Placeholders placeholders = new();

    /// <summary>Every password that the provider has sent.</summary>
    public HashSet<string> Passwords { get; } = new(StringComparer.Ordinal);

    public async Task Replay(JsonArray exchanges)
    {
        placeholders.Set("base", "http://localhost" + ScimAddress.Path);
        placeholders.Set("tokenPrefix", Directory.Domain.Provisioning.BearerToken.Prefix(directory.ScimToken));
        var defaults = Headers(Read(Path.Combine(folder, "headers.json")).AsObject());
        for (var i = 0; i < exchanges.Count; i++)
            await Replay(exchanges[i]!.AsObject(), $"exchange {i + 1}, {exchanges[i]!["note"]}", defaults);
    }

    public static JsonNode Read(string file) => JsonNode.Parse(System.IO.File.ReadAllText(file))!;

    private async Task Replay(JsonObject exchange, string title, (string, string)[] defaults)
    {
        var request = exchange["request"]!.AsObject();
        var (method, path) = ((string)request["method"]!, placeholders.Fill((string)request["path"]!));
        var body = placeholders.Fill(request["body"])?.ToJsonString();
        CollectPasswords(request["body"]);
        var headers = request["headers"] is JsonObject own ? [.. defaults, .. Headers(own)] : defaults;

        var answer = await Send(method, path, body, headers);

        Learn((string?)exchange["name"], answer, body);
        var expect = exchange["expect"]!.AsObject();
        answer.Status.ShouldBe((int)expect["status"]!, $"{title}: {method} {path} answered {answer}");
        foreach (var (name, value) in expect["headers"]?.AsObject() ?? [])
            placeholders.Matches((string)value!, answer.Header(name) ?? "").ShouldBeTrue($"{title}: header {name} is {answer.Header(name)}");
        if (expect.ContainsKey("body")) Demand(title, expect["body"], answer);
        if (method is "PUT" or "PATCH" && answer.Status < 300) await ReadAgain(title, path, exchange, answer);
    }

    private async Task<ScimAnswer> Send(string method, string path, string? body, (string, string)[] headers)
    {
        if (path.StartsWith("/api/audit", StringComparison.Ordinal)) return await directory.Audit(path["/api/audit".Length..]);
        var url = path.StartsWith("/api", StringComparison.Ordinal) ? path : ScimAddress.Path + path;
        // A request without a body has no content type.
        var sent = body is null ? headers.Where(h => h.Item1 != "Content-Type") : headers;
        return await directory.Send(method, url, body, [("Authorization", $"Bearer {directory.ScimToken}"), .. sent]);
    }

    private async Task ReadAgain(string title, string path, JsonObject exchange, ScimAnswer answer)
    {
        exchange.ContainsKey("then").ShouldBeTrue($"{title}: a write needs a 'then', what is read afterwards.");
        var read = await directory.Scim("GET", path.Split('?')[0]);
        read.Status.ShouldBe(200, $"{title}, read again: {read}");
        Demand($"{title}, read again", exchange["then"], read);
        if (answer.Body is not null && !path.Contains('?')) read.Text.ShouldBe(answer.Text, $"{title}, read again");
        if (answer.Header("ETag") is { } etag) read.Header("ETag").ShouldBe(etag, $"{title}, read again");
    }

    private void Demand(string title, JsonNode? expected, ScimAnswer answer)
    {
        if (expected is null) answer.Text.ShouldBeEmpty(title);
        else new Expectation(placeholders).Difference(expected, answer.Body).ShouldBeNull($"{title}: {answer.Text}");
    }

    private void Learn(string? name, ScimAnswer answer, string? body)
    {
        if (name is null) return;
        placeholders.Set($"{name}.requestId", answer.Header("X-Request-Id")!);
        if (body is not null)
            placeholders.Set($"{name}.bodySha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
    }

    private void CollectPasswords(JsonNode? node)
    {
        if (node is JsonArray array)
            foreach (var element in array) CollectPasswords(element);
        if (node is not JsonObject json) return;
        foreach (var (name, value) in json)
            if (string.Equals(name, "password", StringComparison.OrdinalIgnoreCase) && value is JsonValue) Passwords.Add(value.ToString());
            else CollectPasswords(value);
        if (string.Equals((string?)(json["path"] as JsonValue), "password", StringComparison.OrdinalIgnoreCase))
            Passwords.Add(json["value"]!.ToString());
    }

    private static (string, string)[] Headers(JsonObject headers) =>
        [.. headers.Select(h => (h.Key, string.Create(CultureInfo.InvariantCulture, $"{h.Value}")))];
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Tests.Api;
using Directory.Tests.Providers;
using Shouldly;
using Xunit;

namespace Directory.Tests.Corpus;

/// <summary>
/// Each row meets two users and two groups of its own: <c>{{user}}</c>, a member of <c>{{group}}</c>; <c>{{other}}</c>; and
/// <c>{{group2}}</c>, which has no members. A request that is refused, or only reads, leaves every table as it was.
/// </summary>
public sealed class CorpusTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    // A failed append leaves a tombstone behind, some time later: it explains the gap in the numbers and is nobody's act.
    private static readonly string[] Tables =
    [
        "scim_user", "scim_group", "deleted_user", "deleted_group", "group_member", "audit_entry", "credential", "administrator",
        "(select * from mt_events where type <> 'tombstone')",
        "(select * from mt_streams s where exists (select from mt_events e where e.stream_id = s.id and e.type <> 'tombstone'))",
    ];

    private static int count;

    private readonly Placeholders placeholders = new();

    [Theory]
    [MemberData(nameof(CorpusCase.All), MemberType = typeof(CorpusCase))]
    public async Task input_is_answered_as_the_corpus_says(string file, string title)
    {
        var row = CorpusCase.Find(file, title);
        await Prepare();
        if (row["before"] is JsonObject before) (await Send(before)).Status.ShouldBeInRange(200, 299);
        var (expect, tables) = (row["expect"]!.AsObject(), await Fingerprint());
        var last = await directory.Scalar<long>("select max(seq_id) from mt_events");

        var answer = await Send(row["request"]!.AsObject());

        answer.Status.ShouldBe((int)expect["status"]!, answer.ToString());
        if (answer.Status >= 400) DemandError(row["request"]!.AsObject(), expect, answer);
        if (expect.ContainsKey("body")) Demand(expect["body"], answer.Body);
        foreach (var (name, value) in expect["headers"]?.AsObject() ?? [])
            placeholders.Matches((string)value!, answer.Header(name) ?? "").ShouldBeTrue($"header {name} is {answer.Header(name)}");
        (await directory.Column<string>("select type from mt_events where seq_id > $1 and type <> 'tombstone' order by seq_id", last))
            .ShouldBe(expect["events"]?.AsArray().Select(e => (string)e!) ?? []);
        if (!expect.ContainsKey("events")) (await Fingerprint()).ShouldBe(tables);
        if (expect["then"] is { } then) Demand(then, (await Send(new JsonObject { ["method"] = "GET", ["path"] = Path(row["request"]!.AsObject()) })).Body);
        directory.Log.Errors.ShouldBeEmpty();
    }

    private async Task Prepare()
    {
        var n = Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);
        placeholders.Set("n", n);
        placeholders.Set("scimToken", directory.ScimToken);
        foreach (var kind in (string[])["user", "other"])
        {
            var name = $"{kind}-{n}@example.com";
            var answer = await directory.Scim("POST", "/Users", Some.User(name, ("externalId", $"external-{name}"),
                ("emails", new JsonArray(new JsonObject { ["value"] = name, ["type"] = "work", ["primary"] = true }))));
            Set(kind, name, answer);
            placeholders.Set($"{kind}ExternalId", $"external-{name}");
            if (kind == "user") placeholders.Set("etag", answer.Header("ETag")!);
        }

        placeholders.Set("externalId", $"external-user-{n}@example.com");
        Set("group", $"group {n}", await directory.Scim("POST", "/Groups", Some.Group($"group {n}", placeholders.Fill("{{user}}"))));
        Set("group2", $"second group {n}", await directory.Scim("POST", "/Groups", Some.Group($"second group {n}")));
    }

    // {{user}}, {{USER}}, {{userName}}, {{USERNAME}}: the id and the name of a resource, as they are and in capitals.
    private void Set(string kind, string name, ScimAnswer answer)
    {
        placeholders.Set(kind, answer.Id);
        placeholders.Set(kind.ToUpperInvariant(), answer.Id.ToUpperInvariant());
        placeholders.Set($"{kind}Name", name);
        placeholders.Set($"{kind}Name".ToUpperInvariant(), name.ToUpperInvariant());
    }

    private Task<ScimAnswer> Send(JsonObject request)
    {
        var headers = new List<(string, string)>();
        foreach (var (name, value) in request["headers"]?.AsObject() ?? [])
            foreach (var single in value is JsonArray several ? several.AsEnumerable() : [value])
                headers.Add((name, placeholders.Fill((string)single!)));
        if (((string?)request["token"] ?? "scim") is var token and not "none")
            headers.Add(("Authorization", $"Bearer {(token == "audit" ? directory.AuditToken : directory.ScimToken)}"));
        // A header that is sent empty is left out.
        var content = Body(request) is { } bytes ? new ByteArrayContent(bytes) : null;
        return directory.SendContent((string)request["method"]!, Path(request), content, [.. headers]);
    }

    private string Path(JsonObject request)
    {
        var path = placeholders.Fill((string)request["path"]!);
        if (request["filter"] is { } filter) path += $"?filter={Uri.EscapeDataString(placeholders.Fill(CorpusCase.Text(filter)))}";
        return path.StartsWith("/api", StringComparison.Ordinal) ? path : ScimAddress.Path + path;
    }

    private byte[]? Body(JsonObject request) =>
        request["body"] is { } json ? Encoding.UTF8.GetBytes(placeholders.Fill(json)!.ToJsonString())
        : request["raw"] is { } raw ? Encoding.UTF8.GetBytes(placeholders.Fill(CorpusCase.Text(raw)))
        : request["base64"] is { } bytes ? Convert.FromBase64String((string)bytes!)
        : null;

    /// <summary>RFC 7644 §3.12: the status is a text; below the audit RFC 9457 holds.</summary>
    private void DemandError(JsonObject request, JsonObject expect, ScimAnswer answer)
    {
        var isScim = Path(request).StartsWith(ScimAddress.Path, StringComparison.Ordinal);
        answer.Header("Content-Type").ShouldBe(isScim ? "application/scim+json" : "application/problem+json");
        if (!isScim) return;
        Demand(new JsonObject
        {
            ["$exact"] = true,
            ["schemas"] = new JsonArray(ScimUrns.Error),
            ["status"] = answer.Status.ToString(CultureInfo.InvariantCulture),
            ["scimType"] = (string?)expect["scimType"],
            ["detail"] = "{{*}}",
        }, answer.Body);
    }

    private void Demand(JsonNode? expected, JsonNode? actual) =>
        new Expectation(placeholders).Difference(expected, actual).ShouldBeNull(actual?.ToJsonString());

    private async Task<string> Fingerprint()
    {
        var all = Tables.Select(table => $"(select md5(string_agg(t::text, ',' order by t::text)) from {table} t)");
        return await directory.Scalar<string>($"select concat_ws(' ', {string.Join(", ", all)})");
    }
}

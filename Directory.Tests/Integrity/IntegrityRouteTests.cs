using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Integrity;
using Directory.Domain.Integrity;
using Directory.Domain.Provisioning;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class IntegrityRouteTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>With nothing but the answer, the formulas of docs/verification-format.md and a hash function.</summary>
    [Fact]
    public async Task a_third_party_can_prove_that_an_event_is_under_the_seal()
    {
        var user = (await directory.Scim("POST", "/Users", Some.User("proved@example.com"))).Id;
        var sequence = await directory.Scalar<long>("select seq_id from mt_events where stream_id = $1", Guid.Parse(user));
        await SealThrough(sequence);

        var answer = await directory.Audit($"/integrity/entries/{sequence}");

        answer.Status.ShouldBe(200);
        var (entry, e, block) = (answer.Body!, answer.Body!["event"]!, answer.Body!["block"]!);
        ((string)e["payload"]!).ShouldContain("proved@example.com");
        var commitment = SHA256.HashData([.. Convert.FromHexString((string)entry["salt"]!), .. Encoding.UTF8.GetBytes((string)e["payload"]!)]);
        Convert.ToHexStringLower(commitment).ShouldBe((string)entry["commitment"]!);
        var leaf = Hash(0, $"""["event",{e["sequence"]},"{e["id"]}","{e["tenant"]}","{e["type"]}","{e["streamId"]}",{e["version"]},"{e["time"]}","{entry["commitment"]}"]""");
        Convert.ToHexStringLower(leaf).ShouldBe((string)entry["leaf"]!);
        var root = MerkleTree.RootOf(
            leaf, (int)entry["index"]!, (int)block["leaves"]!, [.. entry["proof"]!.AsArray().Select(p => Convert.FromHexString((string)p!))]);
        Convert.ToHexStringLower(root!).ShouldBe((string)block["root"]!);
        var text = Text(2, $"""["block",{block["number"]},{block["first"]},{block["last"]},{block["leaves"]},"{block["root"]}","{block["previous"]}","{block["signedAt"]}","{block["keyId"]}"]""");
        Convert.ToHexStringLower(SHA256.HashData(text)).ShouldBe((string)block["hash"]!);
        using var key = ECDsa.Create();
        key.ImportFromPem((string)entry["publicKey"]!);
        key.VerifyData(text, Convert.FromBase64String((string)block["signature"]!), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            .ShouldBeTrue();
    }

    [Fact]
    public async Task the_state_of_the_seal_says_what_is_protected_and_what_is_not()
    {
        await directory.Scim("POST", "/Users", Some.User("state@example.com"));
        await SealThrough(await directory.Scalar<long>("select max(seq_id) from mt_events"));

        var answer = await directory.Audit("/integrity");

        answer.Status.ShouldBe(200);
        ((long)answer.Body!["lastBlock"]!["number"]!).ShouldBeGreaterThan(0);
        ((string)answer.Body["keyFingerprint"]!).Length.ShouldBe(64);
        ((string)answer.Body["note"]!).ShouldContain("roles");
        answer.Body["conflict"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/integrity/entries/999999999")]
    [InlineData("/integrity/entries/0")]
    [InlineData("/integrity/entries/-1")]
    [InlineData("/integrity/entries/abc")]
    public async Task what_is_not_sealed_has_no_proof(string path) => (await directory.Audit(path)).Status.ShouldBe(404);

    [Fact]
    public async Task an_event_of_another_directory_is_unknown()
    {
        var sequence = await directory.Scalar<long>("select max(seq_id) from mt_events");
        await SealThrough(sequence);
        var foreign = await Token(TokenIdentity.Auditor, "audit", "elsewhere");

        (await directory.Audit($"/integrity/entries/{sequence}")).Status.ShouldBe(200);
        (await directory.Send("GET", $"/api/audit/integrity/entries/{sequence}", null, ("Authorization", $"Bearer {foreign}"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task an_administrator_erases_a_person_and_the_audit_tells_of_it()
    {
        var user = (await directory.Scim("POST", "/Users", Some.User("erased@example.com"))).Id;
        var admin = await Token(TokenIdentity.Admin, "admin", "default");

        (await Erase(admin, user, "{}")).Status.ShouldBe(400);
        (await Erase(admin, user, "{\"reason\": 7}")).Status.ShouldBe(400);
        (await Erase(directory.AuditToken, user, "{\"reason\": \"asked for\"}")).Status.ShouldBe(403);
        (await Erase(directory.ScimToken, user, "{\"reason\": \"asked for\"}")).Status.ShouldBe(403);
        var answer = await Erase(admin, user, "{\"reason\": \"asked for\"}");

        answer.Status.ShouldBe(200, answer.ToString());
        ((string)answer.Body!["userId"]!).ShouldBe(user);
        ((long)answer.Body["events"]!).ShouldBe(1);
        (await directory.Scim("GET", $"/Users/{user}")).Status.ShouldBe(404);
        (await Erase(admin, user, "{\"reason\": \"asked for\"}")).Status.ShouldBe(404);
        var timeline = await directory.Audit($"/users/{user}/timeline");
        timeline.Text.ShouldNotContain("erased@example.com");
        timeline.Text.ShouldContain("asked for");
        ((string)timeline.Body!["entries"]!.AsArray()[^1]!["actor"]!["kind"]!).ShouldBe("admin");
    }

    [Fact]
    public async Task the_seal_is_part_of_readiness()
    {
        var answer = await directory.Send("GET", "/health/ready");

        answer.Status.ShouldBe(200);
        ((string?)answer.Body!["checks"]!["integrity"]!["status"]).ShouldBe("Healthy");
    }

    private Task<ScimAnswer> Erase(string token, string user, string body) => directory.Send(
        "POST", $"/api/admin/users/{user}/erase", body, ("Authorization", $"Bearer {token}"), ("Content-Type", "application/json"));

    /// <summary>Takes turns with the sealing in the background until it is done.</summary>
    private async Task SealThrough(long sequence)
    {
        var installation = directory.Services.GetRequiredService<InstallationSecret>().InstallationId;
        using var key = SigningKey.LoadOrCreate(directory.Services.GetRequiredService<IntegritySettings>().KeyPath(installation));
        var sealer = new Sealer(directory.Database, directory.Services.GetRequiredService<StableSequence>(), directory.Services.GetRequiredService<TimeProvider>(), key);
        while (await directory.Scalar<long>("select coalesce(max(last_seq), 0) from seal_block") < sequence) await sealer.Seal(1, Cancellation);
    }

    private async Task<string> Token(string role, string kind, string tenant)
    {
        var token = BearerToken.New(kind);
        await using var command = directory.Database.CreateCommand("""
            insert into credential (id, tenant_id, role, name, prefix, hash, created_at) values ($1, $2, $3, 'admin', 'x', $4, now())
            """);
        foreach (object value in (object[])[Guid.CreateVersion7(), tenant, role, BearerToken.Hash(token)])
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(Cancellation);
        return token;
    }

    private static byte[] Text(byte kind, string json) => [kind, .. Encoding.UTF8.GetBytes(json)];

    private static byte[] Hash(byte kind, string json) => SHA256.HashData(Text(kind, json));
}

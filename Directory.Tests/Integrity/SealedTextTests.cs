using System.Security.Cryptography;
using System.Text;
using Directory.Domain.Integrity;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

/// <summary>The texts that are hashed are a promise to whoever verifies without this program; docs/verification-format.md has the same values.</summary>
public sealed class SealedTextTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 11, 23, 14, 30, 0, TimeSpan.Zero).AddTicks(1234560);

    private static readonly EventRecord Event = new(
        6, Guid.Parse("57AFBB24-5e30-4905-a1fc-f2c22b788fec"), "default", "user_created", Guid.Parse("01a20a8a-70f1-7119-95f5-3a010f2d3739"), 1,
        Time, new EventPayload("""{"subject": {"name": "ada@example.com"}, "request": {}}""", """{"source": "127.0.0.1"}""", "", "r1", "Okta"));

    [Fact]
    public void a_payload_is_one_object_with_the_data_and_the_metadata() => Encoding.UTF8.GetString(Event.Payload.Canonical()).ShouldBe(
        """{"causation_id":"r1","correlation_id":"","data":{"request":{},"subject":{"name":"ada@example.com"}},"headers":{"source":"127.0.0.1"},"user_name":"Okta"}""");

    [Fact]
    public void a_payload_without_headers_and_metadata_has_nulls() => Encoding.UTF8.GetString(new EventPayload("{}", null, null, null, null).Canonical())
        .ShouldBe("""{"causation_id":null,"correlation_id":null,"data":{},"headers":null,"user_name":null}""");

    [Fact]
    public void a_commitment_is_the_hash_of_salt_and_payload()
    {
        var salt = Enumerable.Range(0, LeafHash.SaltLength).Select(i => (byte)i).ToArray();

        LeafHash.Commitment(salt, Event.Payload).ShouldBe(SHA256.HashData([.. salt, .. Event.Payload.Canonical()]));
    }

    [Fact]
    public void the_leaf_of_an_event_is_the_hash_of_an_array() => LeafHash.Event(Event, [0xab, 0xcd]).ShouldBe(Hash(0,
        """["event",6,"57afbb24-5e30-4905-a1fc-f2c22b788fec","default","user_created","01a20a8a-70f1-7119-95f5-3a010f2d3739",1,"2026-11-23T14:30:00.123456Z","abcd"]"""));

    [Fact]
    public void the_leaf_of_a_gap_is_the_hash_of_its_ends() => LeafHash.Gap(7, 9).ShouldBe(Hash(0, """["gap",7,9]"""));

    [Fact]
    public void a_block_is_the_hash_of_an_array() => new SealedBlock(2, 7, 9, 3, [0x01], [0x02], Time, "ab").Hash().ShouldBe(Hash(2,
        """["block",2,7,9,3,"01","02","2026-11-23T14:30:00.123456Z","ab"]"""));

    [Fact]
    public void a_checkpoint_is_signed_as_an_array() => new Checkpoint(2, [0x01], 9, Time, "ab").Text().ShouldBe(Text(3,
        """["checkpoint",2,"01",9,"2026-11-23T14:30:00.123456Z","ab"]"""));

    [Fact]
    public void an_erasure_is_the_hash_of_lines()
    {
        using var digest = new ErasureDigest();
        digest.Add(6, [0xab]);
        digest.Add(9, [0xcd]);

        digest.Finish().ShouldBe(Convert.ToHexStringLower(SHA256.HashData("6:ab\n9:cd\n"u8)));
    }

    private static byte[] Text(byte kind, string json) => [kind, .. Encoding.UTF8.GetBytes(json)];

    private static byte[] Hash(byte kind, string json) => SHA256.HashData(Text(kind, json));
}

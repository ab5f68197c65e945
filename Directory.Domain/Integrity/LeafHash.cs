using System.Security.Cryptography;

namespace Directory.Domain.Integrity;

/// <summary>
/// The hash of one event or one gap in the sequence (SHA-256, 32 bytes). An event's leaf holds its payload only through a salted
/// commitment: once the salt is gone, neither leaf nor commitment tells anything of the payload, and both stay valid.
/// docs/verification-format.md.
/// </summary>
public static class LeafHash
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Bytes of a salt: random, a new one for each event.</summary>
    public const int SaltLength = 32;

    /// <summary>What stands for the payload in the leaf.</summary>
    /// <exception cref="System.Text.Json.JsonException">The payload is not JSON.</exception>
    public static byte[] Commitment(ReadOnlySpan<byte> salt, EventPayload payload)
    {
        var output = TextBuffer.OfThread();
        output.Add(salt);
        payload.Write(output);
        return SHA256.HashData(output.Written);
    }

    public static byte[] Event(EventRecord e, ReadOnlySpan<byte> commitment) => SealedText.Hash(
        SealedText.Leaf, "event", e.Sequence, e.Id, e.Tenant, e.Type, e.StreamId, e.Version, e.Time, Convert.ToHexStringLower(commitment));

    /// <summary>Numbers that were given out and never used: an append that failed, a server that crashed.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="last">The last of them.</param>
    public static byte[] Gap(long first, long last) => SealedText.Hash(SealedText.Leaf, "gap", first, last);
}

using System.Security.Cryptography;

namespace Directory.Domain.Integrity;

/// <summary>
/// The events and gaps of a range of the sequence under one signature, chained to the block before. One chain for all directories.
/// </summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="First">The first sequence number; the one after the last of the block before.</param>
/// <param name="Last">The last sequence number.</param>
/// <param name="Leaves">How many leaves it has: one for each event, one for each run of unused numbers.</param>
/// <param name="Root">Of the <see cref="MerkleTree"/> over the leaves.</param>
/// <param name="Previous">The hash of the block before; 32 zero bytes for the first.</param>
/// <param name="SignedAt">UTC, in microseconds.</param>
/// <param name="KeyId">SHA-256 of the public key (SubjectPublicKeyInfo, DER) in lower-case hex.</param>
public sealed record SealedBlock(
    long Number, long First, long Last, long Leaves, byte[] Root, byte[] Previous, DateTimeOffset SignedAt, string KeyId)
{
    public static readonly byte[] NoPrevious = new byte[LeafHash.Length];

    /// <summary>What is signed (ECDSA over P-256 with SHA-256), and what <see cref="Hash"/> is the hash of.</summary>
    public byte[] Text() => SealedText.Of(
        SealedText.Block, "block", Number, First, Last, Leaves, Convert.ToHexStringLower(Root), Convert.ToHexStringLower(Previous),
        SignedAt, KeyId);

    public byte[] Hash() => SHA256.HashData(Text());
}

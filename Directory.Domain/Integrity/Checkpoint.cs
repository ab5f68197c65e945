namespace Directory.Domain.Integrity;

/// <summary>
/// A block as it is written down outside the database: whoever keeps it can tell later whether the chain still ends, or passes, there.
/// </summary>
/// <param name="Block">The number of the block.</param>
/// <param name="Hash">The hash of the block.</param>
/// <param name="LastSequence">The last sequence number of the block.</param>
/// <param name="Time">When it was written, UTC, in microseconds.</param>
/// <param name="KeyId">SHA-256 of the public key in lower-case hex.</param>
public sealed record Checkpoint(long Block, byte[] Hash, long LastSequence, DateTimeOffset Time, string KeyId)
{
    /// <summary>What is signed.</summary>
    public byte[] Text() => SealedText.Of(
        SealedText.Checkpoint, "checkpoint", Block, Convert.ToHexStringLower(Hash), LastSequence, Time, KeyId);
}

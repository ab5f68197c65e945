using System.Text.Json;
using System.Text.Json.Serialization;

namespace Directory.Projections.Integrity;

/// <summary>What is to be verified.</summary>
/// <param name="From">The first sequence number, null for the beginning; blocks are verified as a whole.</param>
/// <param name="To">The last sequence number, null for the end.</param>
/// <param name="TrustedKeys">The keys that are known from outside the database.</param>
/// <param name="Checkpoints">What was kept outside the database, null if nothing was.</param>
public sealed record VerificationRequest(
    long? From, long? To, IReadOnlyList<VerificationKey> TrustedKeys, CheckpointFile? Checkpoints);

[JsonConverter(typeof(JsonStringEnumConverter<VerificationStatus>))]
public enum VerificationStatus
{
    /// <summary>Everything sealed is as it was sealed.</summary>
    [JsonStringEnumMemberName("ok")] Ok,

    /// <summary>Something is not as it was.</summary>
    [JsonStringEnumMemberName("tampered")] Tampered,
}

/// <summary>Something that is not as it was sealed, or does not fit together.</summary>
/// <param name="Sequence">Where, null when it cannot be told.</param>
/// <param name="Kind">See <see cref="FindingKind"/>.</param>
/// <param name="Detail">One sentence.</param>
public sealed record Finding(long? Sequence, string Kind, string Detail);

/// <summary>An erasure that the events tell of.</summary>
/// <param name="Sequence">Of the event that tells of it.</param>
/// <param name="Events">How many events it masked.</param>
/// <param name="Sealed">Whether that event is sealed.</param>
public sealed record ErasureNote(long Sequence, DateTimeOffset At, string By, Guid User, string Reason, long Events, bool Sealed);

/// <summary>What was found.</summary>
/// <param name="FirstBadSequence">The lowest sequence number of the findings, null when there is none.</param>
/// <param name="Events">Events compared with their leaves.</param>
/// <param name="Gaps">Runs of unused numbers.</param>
/// <param name="Blocks">Blocks of the chain.</param>
/// <param name="SealedThrough">The last sealed sequence number.</param>
/// <param name="Unsealed">Events behind it: only the roles of the database protect them.</param>
/// <param name="KeyTrusted">Whether the last block is signed with a key that is known from outside the database.</param>
/// <param name="Checkpoints">Checkpoints from outside the database that were compared.</param>
/// <param name="FindingCount">All findings; <see cref="Findings"/> holds the first of them.</param>
public sealed record VerificationReport(
    VerificationStatus Status, long? FirstBadSequence, long Events, long Gaps, long Blocks, long SealedThrough, long Unsealed,
    string? HeadHash, string? KeyId, bool KeyTrusted, long Checkpoints, IReadOnlyList<ErasureNote> Erasures, long FindingCount,
    IReadOnlyList<Finding> Findings, IReadOnlyList<string> Warnings)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

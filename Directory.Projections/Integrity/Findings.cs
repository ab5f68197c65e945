namespace Directory.Projections.Integrity;

/// <summary>The kinds of finding.</summary>
public static class FindingKind
{
    public const string
        EventEdited = "event_edited", EventMoved = "event_moved", EventReplaced = "event_replaced", EventDeleted = "event_deleted",
        EventInserted = "event_inserted", EventArchived = "event_archived", EventUnreadable = "event_unreadable",
        SaltMissing = "salt_missing", ErasureEdited = "erasure_edited", StreamBroken = "stream_broken",
        LeafEdited = "leaf_edited", BlockEdited = "block_edited", BlockMissing = "block_missing", SignatureInvalid = "signature_invalid",
        KeyUntrusted = "key_untrusted", AuditEdited = "audit_edited", AuditMissing = "audit_missing", AuditExtra = "audit_extra",
        CheckpointInvalid = "checkpoint_invalid", CheckpointMismatch = "checkpoint_mismatch", RolledBack = "rolled_back";
}

/// <summary>Collects what a verification finds: the first in the order of the sequence, however many there are.</summary>
internal sealed class Findings
{
    private const int Most = 100;

    private static readonly Comparer<Finding> BySequence = Comparer<Finding>.Create((a, b) => Key(a).CompareTo(Key(b)));

    private readonly List<Finding> _kept = [];

    public long Count { get; private set; }

    public IReadOnlyList<Finding> Kept => _kept;

    public long? FirstSequence => _kept.FirstOrDefault(f => f.Sequence is not null)?.Sequence;

    public void Add(long? sequence, string kind, string detail)
    {
        Count++;
        Keep(new Finding(sequence, kind, detail));
    }

    public void Add(Findings others)
    {
        Count += others.Count;
        foreach (var finding in others._kept) Keep(finding);
    }

    private void Keep(Finding finding)
    {
        var place = _kept.FindLastIndex(f => BySequence.Compare(f, finding) <= 0) + 1;
        _kept.Insert(place, finding);
        if (_kept.Count > Most) _kept.RemoveAt(Most);
    }

    private static long Key(Finding finding) => finding.Sequence ?? long.MaxValue;
}

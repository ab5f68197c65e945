using System.Text.Json;
using Directory.Domain.Integrity;

namespace Directory.Projections.Integrity;

/// <summary>Compares events with their leaves, and leaves with the root of each block.</summary>
internal static class LeafVerification
{
    /// <summary>Whether the leaves of each block are there, follow one another, and give its root.</summary>
    /// <param name="blocks">In order.</param>
    /// <param name="leaves">Those of the blocks, in order.</param>
    /// <param name="piece">Gets what is found.</param>
    public static VerifiedPiece Roots(IReadOnlyList<SealedBlock> blocks, List<Leaf> leaves, VerifiedPiece piece)
    {
        var place = 0;
        foreach (var block in blocks)
        {
            var first = place;
            while (place < leaves.Count && leaves[place].First <= block.Last) place++;
            VerifyRoot(block, leaves.GetRange(first, place - first), piece.Findings);
        }

        return piece;
    }

    /// <param name="leaves">In order.</param>
    /// <param name="events">Those that stand where the leaves are, in order.</param>
    /// <param name="erased">What is left of those that were masked.</param>
    /// <param name="piece">Gets what is found.</param>
    public static void Compare(
        List<Leaf> leaves, List<EventRecord> events, IReadOnlyDictionary<long, ErasedRow> erased, VerifiedPiece piece)
    {
        var place = 0;
        foreach (var leaf in leaves)
        {
            while (place < events.Count && events[place].Sequence < leaf.First) Inserted(events[place++], piece.Findings);
            if (leaf.IsGap)
            {
                piece.Gaps++;
                while (place < events.Count && events[place].Sequence <= leaf.Through) Inserted(events[place++], piece.Findings);
                if (!Same(leaf.Hash, LeafHash.Gap(leaf.First, leaf.Through)))
                    piece.Findings.Add(leaf.First, FindingKind.LeafEdited, "The leaf of a gap is not the hash of the gap.");
            }
            else if (place < events.Count && events[place].Sequence == leaf.First)
                Compare(leaf, events[place++], erased.GetValueOrDefault(leaf.First), piece);
            else
                piece.Findings.Add(leaf.First, FindingKind.EventDeleted, "An event was sealed under this number and is not there.");
        }

        while (place < events.Count) Inserted(events[place++], piece.Findings);
    }

    private static void Inserted(EventRecord e, Findings findings) =>
        findings.Add(e.Sequence, FindingKind.EventInserted, $"The event {e.Id} ({e.Type}) stands where none was sealed.");

    private static void Compare(Leaf leaf, EventRecord e, ErasedRow? erased, VerifiedPiece piece)
    {
        piece.Events++;
        var findings = piece.Findings;
        var isPayload = PayloadFits(leaf, e, erased, findings);
        var isPlace = Same(leaf.Hash, LeafHash.Event(e, leaf.Commitment));
        switch (isPayload, isPlace)
        {
            case (null, true) or (true, true):
                break;
            case (false, true):
                findings.Add(e.Sequence, FindingKind.EventEdited, $"The data or the metadata of the event {e.Id} ({e.Type}) is not what was sealed.");
                break;
            case (true, false):
                findings.Add(e.Sequence, FindingKind.EventMoved, $"Id, directory, type, stream, version or time of the event {e.Id} ({e.Type}) is not what was sealed.");
                break;
            default:
                findings.Add(e.Sequence, FindingKind.EventReplaced, $"The event {e.Id} ({e.Type}) is not the one that was sealed here.");
                break;
        }
    }

    /// <summary>Null when it cannot be told, and a finding says so.</summary>
    private static bool? PayloadFits(Leaf leaf, EventRecord e, ErasedRow? erased, Findings findings)
    {
        if (erased is { Salt: { } salt })
            return IsOf(erased.Commitment, salt, e.Payload) && (leaf.Salt is null || IsOf(leaf.Commitment!, leaf.Salt, e.Payload));
        if (erased is null && leaf.Salt is not null) return IsOf(leaf.Commitment!, leaf.Salt, e.Payload);
        findings.Add(e.Sequence, FindingKind.SaltMissing, "The salt is gone without an erasure, and what the event says cannot be verified.");
        return null;
    }

    private static void VerifyRoot(SealedBlock block, List<Leaf> leaves, Findings findings)
    {
        var next = block.First;
        foreach (var leaf in leaves)
        {
            if (leaf.First != next || leaf.Through < leaf.First) break;
            next = leaf.Through + 1;
        }

        if (next != block.Last + 1)
            findings.Add(next, FindingKind.LeafEdited, $"The leaves of block {block.Number} do not follow one another.");
        if (leaves.Count == 0 || leaves.Count != block.Leaves || !Same(block.Root, MerkleTree.Root([.. leaves.Select(l => l.Hash)])))
            findings.Add(block.First, FindingKind.LeafEdited, $"The leaves of block {block.Number} ({block.First} to {block.Last}) do not give its root.");
    }

    private static bool IsOf(byte[] commitment, byte[] salt, EventPayload payload)
    {
        try
        {
            return Same(commitment, LeafHash.Commitment(salt, payload));
        }
        catch (JsonException)
        {
            return false; // nested deeper than anything that is sealed
        }
    }

    private static bool Same(byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b);
}

using System.Globalization;
using Directory.Domain.Integrity;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>Compares the events of a few blocks with their leaves, and the leaves with the root of each block.</summary>
internal sealed class LeafVerification(NpgsqlConnection connection, Erasures erasures, Findings findings)
{
    // More rows than there should be are a finding at the first of them; how many there are is not worth the memory.
    private const int Surplus = 1000;

    public long Events { get; private set; }

    public long Gaps { get; private set; }

    /// <returns>The events of the blocks, in order.</returns>
    public async Task<IReadOnlyList<EventRecord>> Verify(IReadOnlyList<SealedBlock> blocks, CancellationToken cancellation)
    {
        var (first, last) = (blocks[0].First, blocks[^1].Last);
        var most = blocks.Sum(b => Math.Clamp(b.Leaves, 0, Sealer.MostLeaves + 1)) + Surplus;
        var leaves = await Leaves(first, last, most, cancellation);
        var events = await EventsOf(first, last, most, cancellation);
        var erased = await erasures.Rows(connection, first, last, findings, cancellation);

        Compare(leaves, events, erased);
        var place = 0;
        foreach (var block in blocks)
        {
            var own = leaves.Skip(place).TakeWhile(l => l.First <= block.Last).ToList();
            place += own.Count;
            VerifyRoot(block, own);
        }

        return events;
    }

    private async Task<List<Leaf>> Leaves(long first, long last, long most, CancellationToken cancellation)
    {
        await using var command = Range($"""
            select l.seq, l.through, l.commitment, l.leaf, s.salt from seal_leaf l left join event_salt s on s.seq = l.seq
            where l.seq between $1 and $2 order by l.seq limit {most.ToString(CultureInfo.InvariantCulture)}
            """, first, last);
        var leaves = new List<Leaf>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) leaves.Add(SealRows.ReadLeaf(reader));
        return leaves;
    }

    private async Task<List<EventRecord>> EventsOf(long first, long last, long most, CancellationToken cancellation)
    {
        await using var command = Range($"""
            select {EventRows.Columns} from mt_events e where e.seq_id between $1 and $2 and {EventRows.AreEvents} order by e.seq_id
            limit {most.ToString(CultureInfo.InvariantCulture)}
            """, first, last);
        return await EventRows.ReadAll(command, cancellation);
    }

    private NpgsqlCommand Range(string sql, long first, long last)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        return command;
    }

    private void Compare(List<Leaf> leaves, List<EventRecord> events, Dictionary<long, ErasedRow> erased)
    {
        var place = 0;
        foreach (var leaf in leaves)
        {
            while (place < events.Count && events[place].Sequence < leaf.First) Inserted(events[place++]);
            if (leaf.IsGap)
            {
                Gaps++;
                while (place < events.Count && events[place].Sequence <= leaf.Through) Inserted(events[place++]);
                if (!Same(leaf.Hash, LeafHash.Gap(leaf.First, leaf.Through)))
                    findings.Add(leaf.First, FindingKind.LeafEdited, "The leaf of a gap is not the hash of the gap.");
            }
            else if (place < events.Count && events[place].Sequence == leaf.First)
                Compare(leaf, events[place++], erased.GetValueOrDefault(leaf.First));
            else
                findings.Add(leaf.First, FindingKind.EventDeleted, "An event was sealed under this number and is not there.");
        }

        while (place < events.Count) Inserted(events[place++]);
    }

    private void Inserted(EventRecord e) =>
        findings.Add(e.Sequence, FindingKind.EventInserted, $"The event {e.Id} ({e.Type}) stands where none was sealed.");

    private void Compare(Leaf leaf, EventRecord e, ErasedRow? erased)
    {
        Events++;
        var isPayload = PayloadFits(leaf, e, erased);
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
    private bool? PayloadFits(Leaf leaf, EventRecord e, ErasedRow? erased)
    {
        if (erased is { Salt: { } salt })
            return Same(erased.Commitment, LeafHash.Commitment(salt, e.Payload))
                && (leaf.Salt is null || Same(leaf.Commitment!, LeafHash.Commitment(leaf.Salt, e.Payload)));
        if (erased is null && leaf.Salt is not null) return Same(leaf.Commitment!, LeafHash.Commitment(leaf.Salt, e.Payload));
        findings.Add(e.Sequence, FindingKind.SaltMissing, "The salt is gone without an erasure, and what the event says cannot be verified.");
        return null;
    }

    private void VerifyRoot(SealedBlock block, List<Leaf> leaves)
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

    private static bool Same(byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b);
}

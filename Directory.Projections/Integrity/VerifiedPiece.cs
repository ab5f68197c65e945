using Directory.Domain.Integrity;

namespace Directory.Projections.Integrity;

/// <summary>What was found in a part of the history; made by one thread, and added up by another.</summary>
/// <param name="from">The first sequence number that was asked for.</param>
/// <param name="to">The last one.</param>
internal sealed class VerifiedPiece(long from, long to)
{
    private readonly List<EventRecord> _differing = [];

    public Findings Findings { get; } = new();

    /// <summary>Events compared with their leaves.</summary>
    public long Events { get; set; }

    /// <summary>Runs of unused numbers.</summary>
    public long Gaps { get; set; }

    /// <summary>Events that are not sealed.</summary>
    public long Unsealed { get; set; }

    /// <summary>Events of those asked for whose entry in the audit is what they give.</summary>
    public long Same { get; private set; }

    /// <summary>Those whose entry is not, or not in every byte.</summary>
    public IReadOnlyList<EventRecord> Differing => _differing;

    /// <summary>Up to here all is verified; 0 for what has no place.</summary>
    public long Last { get; init; }

    public void Compared(EventRecord e, bool isSame)
    {
        if (!isSame) _differing.Add(e);
        else if (e.Sequence >= from && e.Sequence <= to) Same++;
    }

    /// <summary>Adds the figures and findings of another; what differs there is not kept.</summary>
    public void Add(VerifiedPiece other)
    {
        (Events, Gaps, Unsealed, Same) = (Events + other.Events, Gaps + other.Gaps, Unsealed + other.Unsealed, Same + other.Same);
        Findings.Add(other.Findings);
    }
}

using Directory.Domain.Integrity;

namespace Directory.Projections.Integrity;

/// <summary>A row of <c>seal_leaf</c>: an event, or the run of unused numbers from First to Through.</summary>
/// <param name="Salt">Null for a gap, and for an event whose payload was erased.</param>
internal sealed record Leaf(long First, long Through, byte[]? Commitment, byte[] Hash, byte[]? Salt)
{
    public bool IsGap => Commitment is null;

    public static Leaf Gap(long first, long through) => new(first, through, null, LeafHash.Gap(first, through), null);

    public static Leaf Event(EventRecord e, byte[] salt)
    {
        var commitment = LeafHash.Commitment(salt, e.Payload);
        return new Leaf(e.Sequence, e.Sequence, commitment, LeafHash.Event(e, commitment), salt);
    }
}

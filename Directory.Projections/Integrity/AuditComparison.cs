using Directory.Domain.Integrity;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Audit;
using Marten;

namespace Directory.Projections.Integrity;

/// <summary>
/// Compares entries of the audit, byte for byte, with what the events give. What is the same is the same to the database too; what is not
/// is for <see cref="AuditVerification"/> to judge. May be used by several threads at once.
/// </summary>
internal sealed class AuditComparison(ISerializer serializer, ResourceType users, ResourceType groups)
{
    /// <param name="events">In any order.</param>
    /// <param name="rows">By sequence number, as <see cref="SentRow"/> has them.</param>
    /// <param name="piece">Told of each event.</param>
    public void Compare(IReadOnlyList<EventRecord> events, IReadOnlyDictionary<long, byte[]> rows, VerifiedPiece piece)
    {
        foreach (var e in events) piece.Compared(e, rows.TryGetValue(e.Sequence, out var row) && IsSame(e, row));
    }

    private bool IsSame(EventRecord e, byte[] row)
    {
        try
        {
            return SentRow.Has(AuditRows.Values(AuditEntry.Of(users, groups, EventRows.ToEvent(e, serializer))), row);
        }
        catch (Exception)
        {
            // What was forged may break the projection in any way, and is found when it is done again.
            return false;
        }
    }
}

using Directory.Domain.Scim.Schema;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace Directory.Projections.Audit;

/// <summary>
/// Writes one <c>audit_entry</c> for each event, in the transaction that appends it: what is acknowledged is in the audit. While it
/// runs inline the event has no sequence number yet, so the insert takes it from the event's row in the same batch.
/// </summary>
public sealed class AuditProjection(ResourceType users, ResourceType groups) : IProjection
{
    public const string Name = "Audit";

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
            if (e.Data is not Tombstone) // marks a failed append; the gap it explains is nobody's act
                operations.QueueOperation(AuditRows.Store(AuditEntry.Of(users, groups, e)));
        return Task.CompletedTask;
    }
}

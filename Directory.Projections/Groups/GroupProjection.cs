using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace Directory.Projections.Groups;

/// <summary>Keeps <c>scim_group</c>: one row for each live group, folded from its events, without its members.</summary>
public sealed class GroupProjection(ResourceType type) : IProjection
{
    public const string Name = "Groups";

    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var folded = Folded.Of(operations);
        foreach (var stream in events.Where(e => e.Data is IGroupEvent).GroupBy(e => (e.TenantId, e.StreamId)))
        {
            var (tenant, id) = stream.Key;
            var group = folded.Get<Group>(tenant, id);
            if (group is null && stream.First().Version > 1) group = await GroupRows.FindAny(operations, type, tenant, id, cancellation);
            var wasDeleted = group?.IsDeleted ?? false;
            var row = wasDeleted ? null : group; // as the table has it

            foreach (var e in stream)
            {
                group = Group.Evolve(type, group, id, (IGroupEvent)e.Data, Origin.StampOf(e));
                if (group.IsDeleted != wasDeleted)
                {
                    operations.QueueOperation(group.IsDeleted ? GroupRows.Remove(tenant, id) : DeletedRows.Remove(DeletedRows.Groups, tenant, id));
                    (wasDeleted, row) = (group.IsDeleted, null);
                }
            }

            operations.QueueOperation(
                group!.IsDeleted
                    ? GroupRows.StoreDeleted(type, tenant, group)
                    : GroupRows.Store(type, tenant, group, row, folded.WaitsForNames));
            folded.Set(tenant, id, group);
        }
    }
}

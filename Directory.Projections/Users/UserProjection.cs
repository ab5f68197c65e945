using Directory.Domain;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace Directory.Projections.Users;

/// <summary>
/// Keeps <c>scim_user</c>: one row for each live user, folded from its events. A deleted user moves to <c>deleted_user</c>, out of
/// the way of every query and of the unique name, and back when it is restored.
/// </summary>
public sealed class UserProjection(ResourceType type) : IProjection
{
    public const string Name = "Users";

    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var folded = Folded.Of(operations);
        foreach (var stream in events.Where(e => e.Data is IUserEvent).GroupBy(e => (e.TenantId, e.StreamId)))
        {
            var (tenant, id) = stream.Key;
            var user = folded.Get<User>(tenant, id);
            if (user is null && stream.First().Version > 1) user = await UserRows.FindAny(operations, type, tenant, id, cancellation);
            var wasDeleted = user?.IsDeleted ?? false;
            var row = wasDeleted ? null : user; // as the table has it

            foreach (var e in stream)
            {
                user = User.Evolve(type, user, id, (IUserEvent)e.Data, Origin.StampOf(e));
                if (user.IsDeleted != wasDeleted)
                {
                    operations.QueueOperation(user.IsDeleted ? UserRows.Remove(tenant, id) : DeletedRows.Remove(DeletedRows.Users, tenant, id));
                    (wasDeleted, row) = (user.IsDeleted, null);
                }
            }

            if (user!.IsErased)
            {
                operations.QueueOperation(DeletedRows.Remove(DeletedRows.Users, tenant, id));
                continue;
            }

            operations.QueueOperation(
                user.IsDeleted
                    ? UserRows.StoreDeleted(type, tenant, user)
                    : UserRows.Store(type, tenant, user, row, folded.WaitsForNames));
            folded.Set(tenant, id, user);
        }
    }
}

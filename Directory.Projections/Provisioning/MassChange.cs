using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using JasperFx.Events;
using Marten;
using Marten.Services;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// Counts the deactivations and deletions of a connection that has a brake, as the last thing before the commit: whoever counts waits
/// for whoever is counting, so that the count is exact however many nodes write, and what would be too many is not written at all.
/// Writes that neither deactivate nor delete do nothing here.
/// </summary>
internal sealed class MassChange : DocumentSessionListenerBase
{
    private const string Constraint = "brake_change_allowed";

    private const string Count = """
        insert into brake_count as k (tenant_id, connection_id, changes)
        select n.tenant_id, n.id, ^ from connection n where n.tenant_id = ^ and n.id = ^ and n.brake_changes is not null
        on conflict (tenant_id, connection_id) do update set changes = k.changes + excluded.changes
        """;

    // A statement of its own, because only the next one sees what was counted while the first waited. A change is one too many if the
    // change that lies as far before it as the brake lets through is not old enough yet.
    private const string Number = """
        insert into brake_change (tenant_id, connection_id, number, time, is_allowed)
        select k.tenant_id, k.connection_id, c.number, clock_timestamp(),
            not (c.number - n.brake_changes > k.counted_from
                and (c.number - n.brake_changes > k.changes - ^ or exists (
                    select from brake_change b
                    where b.tenant_id = k.tenant_id and b.connection_id = k.connection_id and b.number = c.number - n.brake_changes
                        and b.time > clock_timestamp() - make_interval(mins => n.brake_minutes))))
        from brake_count k
        join connection n on n.tenant_id = k.tenant_id and n.id = k.connection_id and n.brake_changes is not null
        cross join generate_series(k.changes - ^ + 1, k.changes) c (number)
        where k.tenant_id = ^ and k.connection_id = ^
        on conflict (tenant_id, connection_id, number) do nothing
        """;

    private readonly string _tenant;
    private readonly Guid _connection;

    private MassChange(string tenant, Guid connection) => (_tenant, _connection) = (tenant, connection);

    /// <summary>Null for whoever is no SCIM connection: an administrator may deactivate and delete.</summary>
    public static MassChange? Of(Origin origin) =>
        origin.Actor.Kind == Actor.Scim && Guid.TryParse(origin.Actor.Id, out var connection) ? new MassChange(origin.TenantId, connection) : null;

    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        var changes = 0L;
        foreach (var stream in session.PendingChanges.Streams())
            foreach (var e in stream.Events)
                if (e.Data is UserDeactivated or UserDeleted or GroupDeleted) changes++;
        if (changes == 0) return Task.CompletedTask;
        session.QueueOperation(new SqlOperation(Count,
            (changes, NpgsqlDbType.Bigint), (_tenant, NpgsqlDbType.Text), (_connection, NpgsqlDbType.Uuid)));
        session.QueueOperation(new SqlOperation(Number,
            (changes, NpgsqlDbType.Bigint), (changes, NpgsqlDbType.Bigint), (_tenant, NpgsqlDbType.Text), (_connection, NpgsqlDbType.Uuid)));
        return Task.CompletedTask;
    }

    /// <summary>From here on the brake counts anew.</summary>
    public static SqlOperation Restart(string tenant, Guid connection) => new(
        "update brake_count set counted_from = changes where tenant_id = ^ and connection_id = ^",
        (tenant, NpgsqlDbType.Text), (connection, NpgsqlDbType.Uuid));

    /// <summary>Whether a write failed because it would have been too much.</summary>
    public static bool IsTooMuch(Exception e) => e.Violates(Constraint);

    /// <summary>Pauses the connection, in a transaction of its own, because that of the write is undone.</summary>
    /// <returns>What the client is told, and why the connection was paused if it was just now.</returns>
    public static async Task<(ScimError Error, string? Paused)> Stop(DirectoryWriter writer, Origin origin)
    {
        var connection = Guid.Parse(origin.Actor.Id!);
        var paused = await writer.Write(origin with { Actor = Actor.Service, Bulk = null }, async transaction =>
        {
            // A client that gives up does not keep the brake from working.
            var write = await ProvisioningWrite.Begin(transaction, CancellationToken.None);
            write.Decide(new ApplyBrake(connection));
            await write.Commit(CancellationToken.None);
            return write.Events.OfType<ConnectionPaused>().SingleOrDefault()?.Reason;
        }, CancellationToken.None);
        return (ScimError.Paused($"The connection {origin.Actor.Name}", paused ?? "it sent too many deactivations and deletions"), paused);
    }
}

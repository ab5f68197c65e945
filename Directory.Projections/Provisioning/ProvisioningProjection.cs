using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Projections.Streams;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// Keeps <c>provisioning</c>, a row for each directory, and <c>connection</c>: what every request is measured by, and what the pages
/// show. Credentials are no part of it, since no event holds their hashes.
/// </summary>
public sealed class ProvisioningProjection : IProjection
{
    public const string Name = "Provisioning";

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
            if (e.Data is ProvisioningSettingsChanged settings)
                foreach (var change in settings.Changes) operations.QueueOperation(Setting(e, change));
            else if (e.Data is IProvisioningEvent data && Operation(e, data) is { } operation)
                operations.QueueOperation(operation);
        return Task.CompletedTask;
    }

    private static SqlOperation? Operation(IEvent e, IProvisioningEvent data) => data switch
    {
        ProvisioningEnabled s => Switch(e, true, s.Reason),
        ProvisioningDisabled s => Switch(e, false, s.Reason),
        ProvisioningPaused p => Pause(e, e.Timestamp, p.Reason),
        ProvisioningResumed => Pause(e, null, null),
        ConnectionCreated c => new SqlOperation(
            "insert into connection (tenant_id, id, name, created_at) values (^, ^, ^, ^)",
            (e.TenantId, NpgsqlDbType.Text), (c.ConnectionId, NpgsqlDbType.Uuid), (c.Name, NpgsqlDbType.Text), Time(e.Timestamp)),
        ConnectionRenamed c => Connection(e, c.ConnectionId, "name = ^", (c.NewName, NpgsqlDbType.Text)),
        ConnectionRemoved c => Connection(e, c.ConnectionId, "removed_at = ^", Time(e.Timestamp)),
        ConnectionPaused c => Connection(
            e, c.ConnectionId, "paused_at = ^, pause_reason = ^, is_braked = ^",
            Time(e.Timestamp), (c.Reason, NpgsqlDbType.Text), (c.Brake is not null, NpgsqlDbType.Boolean)),
        ConnectionResumed c => Connection(e, c.ConnectionId, "paused_at = null, pause_reason = null, is_braked = false"),
        BrakeConfigured c => Connection(
            e, c.ConnectionId, "brake_changes = ^, brake_minutes = ^",
            (c.After?.Changes, NpgsqlDbType.Integer), (c.After?.Minutes, NpgsqlDbType.Integer)),
        _ => null,
    };

    private static SqlOperation Switch(IEvent e, bool isOn, string reason) => new($"""
        insert into provisioning (tenant_id, is_on, switched_at, switch_reason) values (^, ^, ^, ^)
        on conflict (tenant_id) do update set is_on = excluded.is_on, switched_at = excluded.switched_at,
            switch_reason = excluded.switch_reason, paused_at = null, pause_reason = null
        """,
        (e.TenantId, NpgsqlDbType.Text), (isOn, NpgsqlDbType.Boolean), Time(e.Timestamp), (reason, NpgsqlDbType.Text));

    private static SqlOperation Pause(IEvent e, DateTimeOffset? at, string? reason) => new(
        "update provisioning set paused_at = ^, pause_reason = ^ where tenant_id = ^",
        Time(at), (reason, NpgsqlDbType.Text), (e.TenantId, NpgsqlDbType.Text));

    private static SqlOperation Setting(IEvent e, AttributeChange change)
    {
        var column = change.Path switch
        {
            "tokenDays" => "token_days",
            "silentHours" => "silent_hours",
            _ => throw new InvalidOperationException($"There is no column for the setting '{change.Path}'."),
        };
        return new SqlOperation($"""
            insert into provisioning (tenant_id, {column}) values (^, ^) on conflict (tenant_id) do update set {column} = excluded.{column}
            """,
            (e.TenantId, NpgsqlDbType.Text), ((int?)change.After, NpgsqlDbType.Integer));
    }

    private static SqlOperation Connection(IEvent e, Guid id, string set, params (object?, NpgsqlDbType)[] values) => new(
        $"update connection set {set} where tenant_id = ^ and id = ^",
        [.. values, (e.TenantId, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid)]);

    private static (object?, NpgsqlDbType) Time(DateTimeOffset? time) => (time?.ToUniversalTime(), NpgsqlDbType.TimestampTz);
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>
/// Writes one <c>audit_entry</c> for each event, in the transaction that appends it: what is acknowledged is in the audit. While it
/// runs inline the event has no sequence number yet, so the insert takes it from the event's row in the same batch.
/// </summary>
public sealed class AuditProjection(ResourceType users, ResourceType groups) : IProjection
{
    public const string Name = "Audit";

    private const string Insert = """
        insert into audit_entry (id, seq, tenant_id, stream_type, stream_id, stream_version, event_type, action, time, actor_kind,
            actor_id, actor_name, token_id, request_id, target_name, external_id, changes, members, no_op, sentence, detail)
        values (^, coalesce(^, (select seq_id from mt_events where tenant_id = ^ and stream_id = ^ and version = ^)),
            ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^)
        """;

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
            if (e.Data is not Tombstone) // marks a failed append; the gap it explains is nobody's act
                operations.QueueOperation(Store(AuditEntry.Of(users, groups, e)));
        return Task.CompletedTask;
    }

    private static SqlOperation Store(AuditEntry entry)
    {
        var (e, actor) = (entry.Event, entry.Origin.Actor);
        return new SqlOperation(Insert,
            (e.Id, NpgsqlDbType.Uuid), (e.Sequence == 0 ? null : e.Sequence, NpgsqlDbType.Bigint), (e.TenantId, NpgsqlDbType.Varchar),
            (e.StreamId, NpgsqlDbType.Uuid), (e.Version, NpgsqlDbType.Bigint), (e.TenantId, NpgsqlDbType.Text),
            (entry.StreamType, NpgsqlDbType.Text), (e.StreamId, NpgsqlDbType.Uuid), (e.Version, NpgsqlDbType.Bigint),
            (e.EventTypeName, NpgsqlDbType.Text), (entry.Action, NpgsqlDbType.Text), (e.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            (actor.Kind, NpgsqlDbType.Text), (actor.Id, NpgsqlDbType.Text), (actor.Name, NpgsqlDbType.Text),
            (actor.TokenId, NpgsqlDbType.Text), (entry.Origin.RequestId, NpgsqlDbType.Text), (entry.Target.Name, NpgsqlDbType.Text),
            (entry.Target.ExternalId, NpgsqlDbType.Text), (entry.ChangesJson().ToJsonString(), NpgsqlDbType.Jsonb),
            (entry.Members.Count == 0 ? null : Members(entry), NpgsqlDbType.Jsonb), (entry.IsNoOp, NpgsqlDbType.Boolean),
            (entry.Sentence, NpgsqlDbType.Text), (entry.Detail().ToJsonString(), NpgsqlDbType.Jsonb));
    }

    private static string Members(AuditEntry entry) =>
        new JsonArray([.. entry.Members.Select(m => new JsonObject { ["id"] = m.Id, ["type"] = m.Type, ["name"] = m.Name })]).ToJsonString();
}

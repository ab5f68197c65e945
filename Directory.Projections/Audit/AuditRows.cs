using Directory.Projections.Streams;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>The rows of <c>audit_entry</c>: written one by one with their events, and copied by a rebuild.</summary>
internal static class AuditRows
{
    public const string Columns = """
        id, seq, tenant_id, stream_type, stream_id, stream_version, event_type, action, time, actor_kind, actor_id, actor_name, token_id,
        request_id, target_name, external_id, changes, members, no_op, sentence, detail
        """;

    private const string Insert = $"""
        insert into audit_entry ({Columns})
        values (^, coalesce(^, (select seq_id from mt_events where tenant_id = ^ and stream_id = ^ and version = ^)),
            ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^, ^)
        """;

    public static SqlOperation Store(AuditEntry entry)
    {
        var (values, e) = (Values(entry), entry.Event);
        return new SqlOperation(Insert,
            [values[0], values[1], (e.TenantId, NpgsqlDbType.Varchar), (e.StreamId, NpgsqlDbType.Uuid), (e.Version, NpgsqlDbType.Bigint), .. values[2..]]);
    }

    /// <summary>In the order of <see cref="Columns"/>; the sequence number of an event that is about to be appended is null.</summary>
    public static (object? Value, NpgsqlDbType Type)[] Values(AuditEntry entry)
    {
        var (e, actor) = (entry.Event, entry.Origin.Actor);
        return
        [
            (e.Id, NpgsqlDbType.Uuid), (e.Sequence == 0 ? null : e.Sequence, NpgsqlDbType.Bigint), (e.TenantId, NpgsqlDbType.Text),
            (entry.StreamType, NpgsqlDbType.Text), (e.StreamId, NpgsqlDbType.Uuid), (e.Version, NpgsqlDbType.Bigint),
            (e.EventTypeName, NpgsqlDbType.Text), (entry.Action, NpgsqlDbType.Text), (e.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            (actor.Kind, NpgsqlDbType.Text), (actor.Id, NpgsqlDbType.Text), (actor.Name, NpgsqlDbType.Text),
            (actor.TokenId, NpgsqlDbType.Text), (entry.Origin.RequestId, NpgsqlDbType.Text), (entry.Target.Name, NpgsqlDbType.Text),
            (entry.Target.ExternalId, NpgsqlDbType.Text), (AuditEntryJson.Changes(entry), NpgsqlDbType.Jsonb),
            (AuditEntryJson.Members(entry), NpgsqlDbType.Jsonb), (entry.IsNoOp, NpgsqlDbType.Boolean),
            (entry.Sentence, NpgsqlDbType.Text), (AuditEntryJson.Detail(entry), NpgsqlDbType.Jsonb),
        ];
    }

    /// <summary>As far as it is searched by.</summary>
    public static StoredEntry Searched(AuditEntry entry, (object? Value, NpgsqlDbType Type)[] values)
    {
        var (e, actor, origin) = (entry.Event, entry.Origin.Actor, entry.Origin);
        return new StoredEntry(
            e.Sequence, e.Id, e.TenantId, e.Timestamp, e.EventTypeName, entry.Action, (string)values[19].Value!, entry.IsNoOp, entry.StreamType,
            e.StreamId, e.Version, entry.Target.Name, entry.Target.ExternalId, actor.Kind, actor.Id, actor.Name, actor.TokenId, actor.TokenPrefix,
            origin.SourceAddress, origin.UserAgent, origin.RequestId, (string)values[16].Value!, (string?)values[17].Value, "{}");
    }
}

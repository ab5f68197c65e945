using Npgsql;

namespace Directory.Projections.Audit;

/// <summary>An entry of the audit as it is stored.</summary>
/// <param name="Changes">A JSON array of <c>{path, op, before, after, redacted}</c>.</param>
/// <param name="Members">A JSON array of <c>{id, type, name}</c>: whom a group's entry is about beside the group; null if nobody.</param>
/// <param name="Request">A JSON object: id, traceId, method, path, ifMatch, bodySha256, sent, withheld.</param>
public sealed record StoredEntry(
    long Sequence, Guid Id, string Tenant, DateTimeOffset Time, string EventType, string Action, string Sentence, bool NoOp,
    string StreamType, Guid StreamId, long StreamVersion, string TargetName, string? ExternalId,
    string ActorKind, string? ActorId, string ActorName, string? TokenId, string? TokenPrefix, string? Source, string? UserAgent,
    string? RequestId, string Changes, string? Members, string Request)
{
    /// <summary>What is selected from <c>audit_entry e</c> to <see cref="Read"/> it.</summary>
    internal const string Columns = """
        e.seq, e.id, e.tenant_id, e.time, e.event_type, e.action, e.sentence, e.no_op, e.stream_type, e.stream_id, e.stream_version,
        e.target_name, e.external_id, e.actor_kind, e.actor_id, e.actor_name, e.token_id, e.request_id, e.changes::text, e.members::text, e.detail::text
        """;

    /// <summary>How many columns these are.</summary>
    internal const int ColumnCount = 21;

    /// <summary>All that is in the audit happened.</summary>
    public string Outcome => "success";

    /// <summary>The SCIM connection, null if somebody else acted.</summary>
    public string? Connection => ActorKind == Streams.Actor.Scim ? ActorId : null;

    internal static StoredEntry Read(NpgsqlDataReader row)
    {
        var (requestId, detail) = (Text(row, 17), StoredDetail.Read(row.GetFieldValue<byte[]>(20)));
        return new StoredEntry(
            row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4), row.GetString(5),
            row.GetString(6), row.GetBoolean(7), row.GetString(8), row.GetGuid(9), row.GetInt64(10), row.GetString(11), Text(row, 12),
            row.GetString(13), Text(row, 14), row.GetString(15), Text(row, 16), detail.TokenPrefix, detail.SourceAddress, detail.UserAgent, requestId,
            row.GetString(18), Text(row, 19), detail.RequestOf(requestId));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

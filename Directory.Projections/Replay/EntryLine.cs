using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>Who acted, in an entry of the audit.</summary>
public sealed record EntryActor(string Kind, string? Id, string Name);

/// <summary>The user, group or provisioning stream that an entry is about.</summary>
public sealed record EntryTarget(string Type, Guid Id, string Name, long Version);

/// <summary>An entry of the audit in one line: enough to say who did what, and to find the whole entry.</summary>
/// <param name="Id">The event.</param>
/// <param name="Sequence">Its place in the order of all events.</param>
/// <param name="Changed">False for an accepted request that found everything as it wanted it.</param>
public sealed record EntryLine(
    Guid Id, long Sequence, DateTimeOffset Time, string Action, string Sentence, bool Changed, string? RequestId, EntryActor Actor,
    EntryTarget Target)
{
    internal const string Columns = """
        a.id, a.seq, a.time, a.action, a.sentence, not a.no_op, a.request_id, a.actor_kind, a.actor_id, a.actor_name,
        a.stream_type, a.stream_id, a.target_name, a.stream_version
        """;

    internal static EntryLine Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4), row.GetBoolean(5),
        row.IsDBNull(6) ? null : row.GetString(6),
        new EntryActor(row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8), row.GetString(9)),
        new EntryTarget(row.GetString(10), row.GetGuid(11), row.GetString(12), row.GetInt64(13)));
}

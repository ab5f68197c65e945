using Directory.Projections.Audit;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>The entry of one step of a history, and what the request that caused it had sent.</summary>
/// <param name="Entry">As the search of the audit shows it; of a long list of members the first 100.</param>
/// <param name="MemberCount">How many members it is about, null if it is about none.</param>
/// <param name="Request">Its request with <c>sent</c>, which is kept once for all events of a request; JSON text.</param>
public sealed record ReplayStep(StoredEntry Entry, int? MemberCount, string Request)
{
    /// <summary>The entry as JSON text.</summary>
    public string EntryJson => MemberCount is { } count ? $"{AuditJson.Text(Entry)[..^1]},\"memberCount\":{count}}}" : AuditJson.Text(Entry);
}

/// <summary>The entries of the audit that replay shows beside the states.</summary>
public sealed class ReplayEntries(NpgsqlDataSource database)
{
    private const int LongestList = 100;

    /// <summary>Entries of a stream from a version on, in the order of versions.</summary>
    public async Task<IReadOnlyList<EntryLine>> Versions(
        string tenant, Guid stream, long after, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select {EntryLine.Columns} from mt_events e join audit_entry a on a.id = e.id
            where e.tenant_id = $1 and e.stream_id = $2 and e.version > $3 order by e.version limit $4
            """).With(tenant).With(stream).With(after).With((long)count);
        return await Lines(command, cancellation);
    }

    public async Task<IReadOnlyDictionary<Guid, EntryLine>> ById(IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {EntryLine.Columns} from audit_entry a where a.id = any($1)")
            .With([.. ids.Distinct()]);
        return (await Lines(command, cancellation)).ToDictionary(line => line.Id);
    }

    /// <summary>
    /// What happened to a user or group between two places of its history: its own events, and those by which it came into groups
    /// or went, or members came into it or went.
    /// </summary>
    public async Task<IReadOnlyList<EntryLine>> Between(
        string tenant, Guid stream, StreamPoint low, StreamPoint high, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select {EntryLine.Columns} from audit_entry a where a.id in (
                select id from mt_events where tenant_id = $1 and stream_id = $2 and version > $3 and version <= $4
                union select added_by from group_member where tenant_id = $1 and member_id = $2 and added_at > $5 and added_at <= $6
                union select removed_by from group_member where tenant_id = $1 and member_id = $2 and removed_at > $5 and removed_at <= $6
                union select removed_by from group_member
                    where tenant_id = $1 and group_id = $2 and removed_version is null and removed_at > $5 and removed_at <= $6)
            order by a.seq limit $7
            """).With(tenant).With(stream).With(low.Version).With(high.Version).With(low.Instant).With(high.Instant).With((long)count);
        return await Lines(command, cancellation);
    }

    /// <summary>The entry of an event; of a long list of members the first, and how many there are.</summary>
    public async Task<ReplayStep?> Step(string tenant, Guid eventId, CancellationToken cancellation)
    {
        // The events of a request in one stream follow each other, and there are three at most.
        await using var command = database.CreateCommand($"""
            select {StoredEntry.Columns}, (jsonb_build_object('id', e.request_id) || (e.detail -> 'request') || jsonb_strip_nulls(
                jsonb_build_object('sent', (select near.sent from (
                    select b.detail -> 'request' -> 'sent' as sent, b.request_id from audit_entry b
                    where b.tenant_id = e.tenant_id and b.stream_id = e.stream_id and b.seq <= e.seq
                    order by b.seq desc limit 3) near where near.request_id = e.request_id and near.sent is not null limit 1))))::text,
                e.member_count
            from (select seq, id, tenant_id, time, event_type, action, sentence, no_op, stream_type, stream_id, stream_version, target_name,
                    external_id, actor_kind, actor_id, actor_name, token_id, detail, request_id, changes,
                    jsonb_array_length(members) as member_count,
                    case when jsonb_array_length(members) > {LongestList}
                        then jsonb_path_query_array(members, '$[0 to {LongestList - 1}]') else members end as members
                from audit_entry where tenant_id = $1 and id = $2) e
            """).With(tenant).With(eventId);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        const int Request = StoredEntry.ColumnCount, Members = Request + 1;
        return new ReplayStep(StoredEntry.Read(row), row.IsDBNull(Members) ? null : row.GetInt32(Members), row.GetString(Request));
    }

    /// <summary>The event as it is stored, with its metadata; JSON text, null when there is no such event.</summary>
    public async Task<string?> Event(string tenant, Guid eventId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select jsonb_pretty(jsonb_build_object('sequence', seq_id, 'id', id, 'type', type, 'streamId', stream_id, 'version', version,
                'time', timestamp, 'data', data, 'metadata', headers))
            from mt_events where tenant_id = $1 and id = $2
            """).With(tenant).With(eventId);
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>What one request did, in the order of the sequence.</summary>
    public async Task<IReadOnlyList<EntryLine>> OfRequest(string tenant, string requestId, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select {EntryLine.Columns} from audit_entry a where a.tenant_id = $1 and a.request_id = $2 order by a.seq limit $3")
            .With(tenant).With(requestId).With((long)count);
        return await Lines(command, cancellation);
    }

    private static async Task<List<EntryLine>> Lines(NpgsqlCommand command, CancellationToken cancellation)
    {
        var lines = new List<EntryLine>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) lines.Add(EntryLine.Read(row));
        return lines;
    }
}

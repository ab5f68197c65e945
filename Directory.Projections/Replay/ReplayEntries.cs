using System.Text.Json.Nodes;
using Directory.Projections.Audit;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>The entry of one step of a history, as JSON text, and what the request that caused it had sent.</summary>
/// <param name="Entry">As the search of the audit shows it.</param>
/// <param name="Request">Its request with <c>sent</c>, which is kept once for all events of a request.</param>
public sealed record ReplayStep(string Entry, string Request);

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
                    order by b.seq desc limit 3) near where near.request_id = e.request_id and near.sent is not null limit 1))))::text
            from audit_entry e where e.tenant_id = $1 and e.id = $2
            """).With(tenant).With(eventId);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new ReplayStep(Shortened(StoredEntry.Read(row)), row.GetString(24)) : null;
    }

    private static string Shortened(StoredEntry entry)
    {
        if (entry.Members is not { } members || JsonNode.Parse(members) is not JsonArray { Count: > LongestList } all) return AuditJson.Text(entry);
        var first = new JsonArray([.. all.Take(LongestList).Select(member => member?.DeepClone())]);
        return $"{AuditJson.Text(entry with { Members = first.ToJsonString() })[..^1]},\"memberCount\":{all.Count}}}";
    }

    private static async Task<List<EntryLine>> Lines(NpgsqlCommand command, CancellationToken cancellation)
    {
        var lines = new List<EntryLine>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) lines.Add(EntryLine.Read(row));
        return lines;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>An entry about a user or group with what it changed.</summary>
/// <param name="Ours">Whether the connection that is looked at did it in the window that is looked at.</param>
public sealed record ConnectionEntry(
    EntryLine Line, bool Ours, IReadOnlyList<AttributeChange> Changes, IReadOnlyList<Member> Members);

/// <summary>A user or group that a connection did something to.</summary>
public sealed record TouchedTarget(string Type, Guid Id, long Entries);

/// <summary>What a connection did in a window, target by target.</summary>
public sealed class ConnectionEntries(NpgsqlDataSource database)
{
    private const string Window = "tenant_id = $1 and actor_id = $2 and time >= $3 and time < $4 and stream_type in ('user', 'group')";

    public async Task<(long Targets, long Entries)> Count(string tenant, string connection, Period window, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select count(distinct stream_id), count(*) from audit_entry where {Window}")
            .With(tenant).With(connection).With(window.From).With(window.To);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>The users and groups it touched, in the order of their ids.</summary>
    public async Task<IReadOnlyList<TouchedTarget>> Targets(
        string tenant, string connection, Period window, Guid after, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select min(stream_type), stream_id, count(*) from audit_entry where {Window} and stream_id > $5
            group by stream_id order by stream_id limit $6
            """).With(tenant).With(connection).With(window.From).With(window.To).With(after).With((long)count);
        var targets = new List<TouchedTarget>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) targets.Add(new TouchedTarget(row.GetString(0), row.GetGuid(1), row.GetInt64(2)));
        return targets;
    }

    /// <summary>What it did to these targets in the window.</summary>
    public Task<ILookup<Guid, ConnectionEntry>> Within(
        string tenant, string connection, Period window, Guid[] targets, CancellationToken cancellation) =>
        Read(tenant, connection, window, targets, "a.time >= $3 and a.time < $4 and a.actor_id = $2", cancellation);

    /// <summary>Everything that happened to these targets from the beginning of the window until now, whoever did it.</summary>
    public Task<ILookup<Guid, ConnectionEntry>> Since(
        string tenant, string connection, Period window, Guid[] targets, CancellationToken cancellation) =>
        Read(tenant, connection, window, targets, "a.time >= $3", cancellation);

    private async Task<ILookup<Guid, ConnectionEntry>> Read(
        string tenant, string connection, Period window, Guid[] targets, string which, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select {EntryLine.Columns}, coalesce(a.actor_id = $2, false) and a.time < $4, a.changes::text, a.members::text
            from audit_entry a where a.tenant_id = $1 and {which} and a.stream_id = any($5) order by a.seq
            """).With(tenant).With(connection).With(window.From).With(window.To).With(targets);
        var entries = new List<ConnectionEntry>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            entries.Add(new ConnectionEntry(
                EntryLine.Read(row), row.GetBoolean(14), JsonSerializer.Deserialize<AttributeChange[]>(row.GetString(15))!,
                row.IsDBNull(16) ? [] : Members(row.GetString(16))));
        return entries.ToLookup(e => e.Line.Target.Id);
    }

    private static IReadOnlyList<Member> Members(string json) =>
        [.. JsonNode.Parse(json)!.AsArray().Select(m => new Member((Guid)m!["id"]!, (string)m["type"]!, (string)m["name"]!))];
}

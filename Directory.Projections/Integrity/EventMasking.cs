using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Directory.Domain.Groups;
using Directory.Domain.Integrity;
using Directory.Domain.Users;
using Directory.Projections.Audit;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// The one place that changes events: those of an erased user, and those of groups that name it. Each gets a commitment to what is
/// left of it, under a new salt; the salt of what it said before goes.
/// </summary>
internal sealed class EventMasking(
    IDocumentStore store, NpgsqlTransaction transaction, AuditProjection audit, Guid erasure) : IDisposable
{
    private const int PageSize = 500;

    // A hash of the request's body would tell whoever can guess the body that he guessed right.
    private const string BodyHashHeader = "body_sha256";

    private const string Affected = $"""
        select {EventRows.Columns} from mt_events e
        where e.tenant_id = $1 and e.seq_id > $2
            and (e.stream_id = $3 or (e.type like 'group\_%' and position($4 in e.data::text) > 0))
        order by e.seq_id limit 500
        """;

    private const string Update = $"""
        update mt_events e set data = m.data, headers = m.headers from unnest($1, $2, $3) as m (seq, data, headers)
        where e.seq_id = m.seq returning {EventRows.Columns}
        """;

    private readonly NpgsqlConnection _connection = transaction.Connection!;
    private readonly ISerializer _serializer = store.Options.Serializer();
    private readonly ErasureDigest _digest = new();

    /// <summary>How many events were masked.</summary>
    public long Count { get; private set; }

    public string Digest() => _digest.Finish();

    public void Dispose() => _digest.Dispose();

    /// <summary>Masks the events, and writes what is told of them in the audit anew.</summary>
    public async Task Run(string tenant, Guid user, CancellationToken cancellation)
    {
        for (var last = 0L; ;)
        {
            var page = await Page(tenant, user, last, cancellation);
            if (page.Count == 0) return;
            last = page[^1].Sequence;
            await Mask([.. page.Select(row => (row.Sequence, Masked(row, user)))], cancellation);
        }
    }

    private async Task<List<EventRecord>> Page(string tenant, Guid user, long after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Affected, _connection);
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Bigint, after);
        Add(command, NpgsqlDbType.Uuid, user);
        Add(command, NpgsqlDbType.Text, user.ToString("D"));
        return await EventRows.ReadAll(command, cancellation);
    }

    private (string Data, string? Headers) Masked(EventRecord row, Guid user)
    {
        object data = EventRows.ToEvent(row, _serializer).Data switch
        {
            IUserEvent e => UserErasure.Of(e),
            IGroupEvent e => MemberErasure.Of(e, user),
            var e => throw new InvalidOperationException($"An erasure does not know {e.GetType().Name}; it must not pass over one."),
        };
        var headers = row.Payload.Headers is { } text ? JsonNode.Parse(text) as JsonObject : null;
        headers?.Remove(BodyHashHeader);
        return (_serializer.ToJson(data), headers?.ToJsonString());
    }

    private async Task Mask(IReadOnlyList<(long Sequence, (string Data, string? Headers) Payload)> page, CancellationToken cancellation)
    {
        await using var update = new NpgsqlCommand(Update, _connection);
        Add(update, NpgsqlDbType.Array | NpgsqlDbType.Bigint, page.Select(p => p.Sequence).ToArray());
        Add(update, NpgsqlDbType.Array | NpgsqlDbType.Jsonb, page.Select(p => p.Payload.Data).ToArray());
        Add(update, NpgsqlDbType.Array | NpgsqlDbType.Jsonb, page.Select(p => p.Payload.Headers).ToArray());

        // As the database has them now, which is what a verification will read.
        List<EventRecord> rows = [.. (await EventRows.ReadAll(update, cancellation)).OrderBy(r => r.Sequence)];
        await Commit(rows, cancellation);
        await WriteAudit(rows, cancellation);
        Count += rows.Count;
    }

    private async Task Commit(List<EventRecord> rows, CancellationToken cancellation)
    {
        var salts = rows.ConvertAll(_ => RandomNumberGenerator.GetBytes(LeafHash.SaltLength));
        var commitments = rows.Select((row, i) => LeafHash.Commitment(salts[i], row.Payload)).ToArray();
        for (var i = 0; i < rows.Count; i++) _digest.Add(rows[i].Sequence, commitments[i]);
        var sequences = rows.Select(r => r.Sequence).ToArray();

        await Execute("delete from event_salt where seq = any($1)", [sequences], cancellation);
        await Execute("update erased_event set salt = null where seq = any($1)", [sequences], cancellation);
        await Execute("""
            insert into erased_event (erasure, seq, salt, commitment) select $2, m.* from unnest($1, $3, $4) as m (seq, salt, commitment)
            """, [sequences, erasure, salts.ToArray(), commitments], cancellation);
    }

    private async Task WriteAudit(List<EventRecord> rows, CancellationToken cancellation)
    {
        List<IEvent> events = rows.ConvertAll(row => EventRows.ToEvent(row, _serializer));
        await Execute("delete from audit_entry where id = any($1)", [events.Select(e => e.Id).ToArray()], cancellation);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        await audit.ApplyAsync(session, events, cancellation);
        await session.SaveChangesAsync(cancellation);
        await AuditTermRows.Rewrite(_connection, rows[0].Tenant, [.. rows.Select(r => r.Sequence)], cancellation);
    }

    private async Task Execute(string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}

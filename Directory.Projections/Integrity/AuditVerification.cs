using Directory.Domain.Integrity;
using Directory.Projections.Audit;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// Compares the audit with what the events give where that is not the same at first sight (<see cref="AuditComparison"/>): the projection
/// runs again, into an empty table of the same name that only this transaction sees, and the database compares the rows, whatever columns
/// they have.
/// </summary>
internal sealed class AuditVerification
{
    private const int PageSize = 500;
    private const string Savepoint = "page";

    // Where a temporary table has the same name, it hides the other from the projection's statements.
    // It takes nulls, since what was forged may give some.
    private const string Prepare = """
        create temp table audit_entry (like public.audit_entry including defaults including generated) on commit drop;
        do $$
        declare name text;
        begin
            for name in select attname from pg_attribute where attrelid = 'pg_temp.audit_entry'::regclass and attnum > 0 and attnotnull
            loop
                execute format('alter table pg_temp.audit_entry alter column %I drop not null', name);
            end loop;
        end $$
        """;

    private const string Difference = """
        select t.seq, a.id is null,
            (select string_agg(f.key, ', ') from jsonb_each(to_jsonb(t)) f where f.value is distinct from to_jsonb(a) -> f.key)
        from pg_temp.audit_entry t left join public.audit_entry a on a.id = t.id
        where a.id is null or row(t.*) is distinct from row(a.*) order by t.seq
        """;

    // A row whose event has gone, or never was.
    private const string Extra = $"""
        select a.seq, a.id from public.audit_entry a left join mt_events e on e.id = a.id and {EventRows.AreEvents}
        where e.id is null and a.seq between $1 and $2 order by a.seq limit 100
        """;

    private const string Entries = "select count(*) from public.audit_entry where seq between $1 and $2";

    private readonly IDocumentStore _store;
    private readonly AuditProjection _audit;
    private readonly NpgsqlTransaction _transaction;

    private AuditVerification(IDocumentStore store, AuditProjection audit, NpgsqlTransaction transaction) =>
        (_store, _audit, _transaction) = (store, audit, transaction);

    /// <param name="store">Of the events.</param>
    /// <param name="audit">Makes the entries.</param>
    /// <param name="transaction">Nothing else is done in it.</param>
    /// <param name="cancellation">Broken off.</param>
    public static async Task<AuditVerification> Begin(
        IDocumentStore store, AuditProjection audit, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var verification = new AuditVerification(store, audit, transaction);
        await verification.Execute(Prepare, cancellation);
        return verification;
    }

    public async Task Verify(IReadOnlyList<EventRecord> events, Findings findings, CancellationToken cancellation)
    {
        foreach (var page in events.Chunk(PageSize))
        {
            await Project(page, findings, cancellation);
            await using (var command = new NpgsqlCommand(Difference, _transaction.Connection, _transaction))
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
                while (await reader.ReadAsync(cancellation))
                    if (reader.GetBoolean(1)) findings.Add(reader.GetInt64(0), FindingKind.AuditMissing, "The event has no entry in the audit.");
                    else findings.Add(reader.GetInt64(0), FindingKind.AuditEdited, $"The audit entry is not what the event gives; it differs in {reader.GetString(2)}.");
            await Execute("delete from pg_temp.audit_entry", cancellation);
        }
    }

    /// <summary>Entries without an event.</summary>
    /// <param name="transaction">Any that sees the history.</param>
    /// <param name="same">How many entries in the range are those of their events; when there are no others, none needs to be looked for. Null: unknown.</param>
    /// <param name="from">The first sequence number.</param>
    /// <param name="to">The last.</param>
    /// <param name="findings">Gets what is found.</param>
    /// <param name="cancellation">Broken off.</param>
    public static async Task VerifyNothingElse(
        NpgsqlTransaction transaction, long? same, long from, long to, Findings findings, CancellationToken cancellation)
    {
        await using var count = Range(Entries, transaction, from, to);
        if (same == (long)(await count.ExecuteScalarAsync(cancellation))!) return;
        await using var command = Range(Extra, transaction, from, to);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            findings.Add(reader.GetInt64(0), FindingKind.AuditExtra, $"The audit entry {reader.GetGuid(1)} has no event.");
    }

    /// <summary>What was forged may break the projection in any way; then the page is done again one event at a time, and the culprit named.</summary>
    private async Task Project(EventRecord[] rows, Findings findings, CancellationToken cancellation)
    {
        await _transaction.SaveAsync(Savepoint, cancellation);
        try
        {
            List<IEvent> events = [.. rows.Select(row => EventRows.ToEvent(row, _store.Options.Serializer()))];
            await using var session = _store.LightweightSession(SessionOptions.ForTransaction(_transaction));
            await _audit.ApplyAsync(session, events, cancellation);
            await session.SaveChangesAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await _transaction.RollbackAsync(Savepoint, cancellation);
            if (rows.Length == 1)
                findings.Add(rows[0].Sequence, FindingKind.EventUnreadable, $"The event {rows[0].Id} cannot be read as {rows[0].Type}.");
            else
                foreach (var row in rows) await Project([row], findings, cancellation);
        }
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _transaction.Connection, _transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Range(string sql, NpgsqlTransaction transaction, long from, long to)
    {
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        return command;
    }
}

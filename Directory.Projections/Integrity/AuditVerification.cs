using Directory.Domain.Integrity;
using Directory.Projections.Audit;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// Compares the audit with what the events give: the projection runs again, into an empty table of the same name that only this
/// transaction sees, and the database compares the rows, whatever columns they have.
/// </summary>
internal sealed class AuditVerification(IDocumentStore store, AuditProjection audit, NpgsqlTransaction transaction, Findings findings)
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

    public Task Begin(CancellationToken cancellation) => Execute(Prepare, cancellation);

    public async Task Verify(IReadOnlyList<EventRecord> events, CancellationToken cancellation)
    {
        foreach (var page in events.Chunk(PageSize))
        {
            await Project(page, cancellation);
            await using (var command = new NpgsqlCommand(Difference, transaction.Connection, transaction))
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
                while (await reader.ReadAsync(cancellation))
                    if (reader.GetBoolean(1)) findings.Add(reader.GetInt64(0), FindingKind.AuditMissing, "The event has no entry in the audit.");
                    else findings.Add(reader.GetInt64(0), FindingKind.AuditEdited, $"The audit entry is not what the event gives; it differs in {reader.GetString(2)}.");
            await Execute("delete from pg_temp.audit_entry", cancellation);
        }
    }

    public async Task VerifyNothingElse(long from, long to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Extra, transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            findings.Add(reader.GetInt64(0), FindingKind.AuditExtra, $"The audit entry {reader.GetGuid(1)} has no event.");
    }

    /// <summary>What was forged may break the projection in any way; then the page is done again one event at a time, and the culprit named.</summary>
    private async Task Project(EventRecord[] rows, CancellationToken cancellation)
    {
        await transaction.SaveAsync(Savepoint, cancellation);
        try
        {
            List<IEvent> events = [.. rows.Select(row => EventRows.ToEvent(row, store.Options.Serializer()))];
            await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
            await audit.ApplyAsync(session, events, cancellation);
            await session.SaveChangesAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await transaction.RollbackAsync(Savepoint, cancellation);
            if (rows.Length == 1)
                findings.Add(rows[0].Sequence, FindingKind.EventUnreadable, $"The event {rows[0].Id} cannot be read as {rows[0].Type}.");
            else
                foreach (var row in rows) await Project([row], cancellation);
        }
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

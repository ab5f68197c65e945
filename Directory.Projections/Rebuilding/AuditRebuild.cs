using Directory.Domain.Scim.Schema;
using Directory.Projections.Audit;
using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>Makes the audit anew: the entries, what they are found by, and the places of times.</summary>
internal sealed class AuditRebuild(EventPages pages, ResourceType users, ResourceType groups) : IRebuild
{
    // What was masked after it had been taken in: an erasure is itself an event, of a later number.
    private const string Masked = """
        select m.seq from erased_event m where m.seq <= $1 and m.erasure in (
            select (e.data ->> 'erasureId')::uuid from mt_events e where e.type = 'user_erased' and e.seq_id > $1)
        """;

    public bool NeedsIndexes => false;

    /// <summary>What occurs again and again is stored once.</summary>
    public bool NeedsKey(string table) => table is "audit_facet" or "audit_word";

    public async Task Take(NpgsqlTransaction transaction, long after, long through, Action<int, long> told, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        if (after > 0) await Mask(connection, after, cancellation);
        await foreach (var page in pages.Read(after, through, Rows, cancellation))
        {
            await Copy(connection, page.Made, cancellation);
            await AuditTermRows.Store(connection, [.. page.Made.SelectMany(r => r.Terms)], cancellation);
            await AuditWatch.StoreRun(
                connection, page.First, page.Last, page.Made.ConvertAll(r => r.Time), cancellation);
            told(page.Events, page.Last);
        }
    }

    public async Task TakeRest(NpgsqlTransaction transaction, long after, Action<int, long> told, CancellationToken cancellation)
    {
        // A search that began with the old tables knows how far they had been followed; the new ones must not be behind.
        await using var command = new NpgsqlCommand("select coalesce(max(last_seq), 0) from public.audit_span", transaction.Connection);
        var through = Math.Max(after, (long)(await command.ExecuteScalarAsync(cancellation))!);
        await Take(transaction, after, through, told, cancellation);

        // Above that a commit may still be missing: the watch goes on from there.
        await foreach (var page in pages.Read(through, long.MaxValue, Rows, cancellation))
        {
            await Copy(transaction.Connection!, page.Made, cancellation);
            told(page.Events, page.Last);
        }
    }

    private async Task Mask(NpgsqlConnection connection, long through, CancellationToken cancellation)
    {
        var sequences = new List<long>();
        await using (var command = new NpgsqlCommand(Masked, connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) sequences.Add(row.GetInt64(0));
        }

        foreach (var part in sequences.Distinct().Chunk(EventPages.Size))
        {
            var rows = Rows(await pages.Read(connection, part, cancellation));
            var terms = rows.SelectMany(r => r.Terms).ToList();
            var removed = await AuditTermRows.Remove(connection, [.. terms.Select(t => (t.Tenant, t.Sequence)).Distinct()], cancellation);
            await using (var delete = new NpgsqlCommand("delete from audit_entry where seq = any($1)", connection))
            {
                delete.Parameters.Add(new NpgsqlParameter { Value = part, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
                await delete.ExecuteNonQueryAsync(cancellation);
            }

            await Copy(connection, rows, cancellation);
            await AuditTermRows.Replace(connection, removed, terms, cancellation);
        }
    }

    private static Task Copy(NpgsqlConnection connection, List<Row> rows, CancellationToken cancellation) =>
        RowCopy.Write(connection, "audit_entry", AuditRows.Columns, rows.Select(r => r.Values), cancellation);

    private List<Row> Rows(IEnumerable<IEvent> events) => [.. events.Select(e =>
    {
        var entry = AuditEntry.Of(users, groups, e);
        var values = AuditRows.Values(entry);
        return new Row(e.Timestamp.ToUniversalTime(), values, [.. AuditTermRows.Of(AuditRows.Searched(entry, values))]);
    })];

    private sealed record Row(DateTimeOffset Time, (object? Value, NpgsqlDbType Type)[] Values, IReadOnlyList<TermRow> Terms);
}

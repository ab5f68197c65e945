using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>A row of <c>audit_term</c>.</summary>
/// <param name="Terms">Separated by U+001F.</param>
internal sealed record TermRow(string Tenant, long Sequence, short Part, string Terms)
{
    internal const char Separator = '\x1f';

    public IEnumerable<string> Each => Terms.Split(Separator);
}

/// <summary>The rows of <c>audit_term</c>. Who writes them takes the turn first, and has it to the end of the transaction.</summary>
internal static class AuditTermRows
{
    internal const long Turn = 0x4175_6469_7400; // any number that nobody else locks

    private const string Insert = """
        insert into audit_term (tenant_id, seq, part, terms)
        select t.tenant, t.seq, t.part, array_to_tsvector(string_to_array(t.terms, E'\x1f'))
        from unnest($1, $2, $3, $4) as t (tenant, seq, part, terms)
        """;

    private const string Delete = """
        delete from audit_term t using unnest($1, $2) as gone (tenant_id, seq) where t.tenant_id = gone.tenant_id and t.seq = gone.seq
        returning t.tenant_id, t.seq, array_to_string(tsvector_to_array(t.terms), E'\x1f')
        """;

    public static async Task TakeTurn(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var turn = new NpgsqlCommand($"select pg_advisory_xact_lock({Turn})", connection);
        await turn.ExecuteNonQueryAsync(cancellation);
    }

    public static Task Store(NpgsqlConnection connection, IEnumerable<StoredEntry> entries, CancellationToken cancellation) =>
        Store(connection, [.. entries.SelectMany(Of)], cancellation);

    public static IEnumerable<TermRow> Of(StoredEntry entry) =>
        AuditTerms.Of(entry).Select((terms, part) => new TermRow(entry.Tenant, entry.Sequence, (short)part, Join(terms)));

    /// <summary>With the facets and words in them.</summary>
    public static async Task Store(NpgsqlConnection connection, IReadOnlyCollection<TermRow> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0) return;
        await using var command = new NpgsqlCommand(Insert, connection);
        Add(command, rows.Select(p => p.Tenant).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(command, rows.Select(p => p.Sequence).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        Add(command, rows.Select(p => p.Part).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint);
        Add(command, rows.Select(p => p.Terms).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        await command.ExecuteNonQueryAsync(cancellation);
        await AuditFacetRows.Store(connection, rows, cancellation);
        await AuditWordRows.Store(connection, rows, cancellation);
    }

    /// <summary>Takes the terms of entries away that are to be written anew.</summary>
    /// <returns>What the rows had, without a number of their part.</returns>
    public static async Task<List<TermRow>> Remove(
        NpgsqlConnection connection, IReadOnlyCollection<(string Tenant, long Sequence)> entries, CancellationToken cancellation)
    {
        var had = new List<TermRow>();
        await using var delete = new NpgsqlCommand(Delete, connection);
        Add(delete, entries.Select(e => e.Tenant).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(delete, entries.Select(e => e.Sequence).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        await using var row = await delete.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) had.Add(new TermRow(row.GetString(0), row.GetInt64(1), 0, row.GetString(2)));
        return had;
    }

    /// <summary>In the place of what was removed: a word that nobody has any more is forgotten.</summary>
    public static async Task Replace(
        NpgsqlConnection connection, IEnumerable<TermRow> removed, IReadOnlyCollection<TermRow> rows, CancellationToken cancellation)
    {
        await Store(connection, rows, cancellation);
        await AuditWordRows.Forget(connection, AuditWordRows.Of(removed).Except(AuditWordRows.Of(rows)), cancellation);
    }

    /// <summary>Makes the terms of entries that were written anew, as far as they had any; the others get theirs in their time.</summary>
    public static async Task Rewrite(NpgsqlConnection connection, string tenant, long[] sequences, CancellationToken cancellation)
    {
        await TakeTurn(connection, cancellation);
        var had = await Remove(connection, [.. sequences.Select(seq => (tenant, seq))], cancellation);
        var entries = new List<StoredEntry>();
        await using (var read = new NpgsqlCommand($"select {StoredEntry.Columns} from audit_entry e where e.tenant_id = $1 and e.seq = any ($2)", connection))
        {
            Add(read, tenant, NpgsqlDbType.Text);
            Add(read, had.Select(r => r.Sequence).Distinct().ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
            await using var row = await read.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) entries.Add(StoredEntry.Read(row));
        }

        await Replace(connection, had, [.. entries.SelectMany(Of)], cancellation);
    }

    private static string Join(IReadOnlyCollection<string> terms) =>
        string.Join(TermRow.Separator, terms.Select(t => t.Contains(TermRow.Separator) ? t.Replace(TermRow.Separator, ' ') : t));

    internal static void Add(NpgsqlCommand command, object value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}

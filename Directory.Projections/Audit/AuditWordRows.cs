using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>The rows of <c>audit_word</c>: every word that an entry can be found by, once.</summary>
internal static class AuditWordRows
{
    private const string Insert = "insert into audit_word (tenant_id, word) select * from unnest($1, $2) on conflict do nothing";

    private const string Beginning = """
        select p.number::int, w.word from unnest($2) with ordinality as p (beginning, number)
        cross join lateral (
            select a.word from audit_word a
            where a.tenant_id = $1 and a.word >= p.beginning collate "C" and a.word < (p.beginning || chr(1114111)) collate "C"
            order by a.word limit $3) w
        """;

    // A word has neither quotes nor backslashes.
    private const string Delete = """
        delete from audit_word w using unnest($1, $2) as gone (tenant_id, word)
        where w.tenant_id = gone.tenant_id and w.word = gone.word
            and not exists (select from audit_term t where t.terms @@ ('''' || gone.word || '''')::tsquery and t.tenant_id = gone.tenant_id)
        """;

    public static Task Store(NpgsqlConnection connection, IEnumerable<TermRow> rows, CancellationToken cancellation) =>
        Execute(connection, Insert, Of(rows), cancellation);

    /// <summary>Those of the words that no entry has any more are gone, so that nothing is left of an erased person.</summary>
    public static Task Forget(NpgsqlConnection connection, IEnumerable<(string Tenant, string Word)> words, CancellationToken cancellation) =>
        Execute(connection, Delete, [.. words], cancellation);

    public static HashSet<(string Tenant, string Word)> Of(IEnumerable<TermRow> rows) =>
        [.. rows.SelectMany(r => r.Each.Where(t => !t.StartsWith(':')), (r, word) => (r.Tenant, word))];

    /// <summary>The words that begin so, for each beginning; null where there are more than so many.</summary>
    public static async Task<List<string>?[]> BeginningWith(
        NpgsqlConnection connection, string tenant, string[] beginnings, int most, CancellationToken cancellation)
    {
        var found = beginnings.Select(_ => new List<string>()).ToArray();
        await using var command = new NpgsqlCommand(Beginning, connection);
        AuditTermRows.Add(command, tenant, NpgsqlDbType.Text);
        AuditTermRows.Add(command, beginnings, NpgsqlDbType.Array | NpgsqlDbType.Text);
        AuditTermRows.Add(command, (long)most + 1, NpgsqlDbType.Bigint);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) found[row.GetInt32(0) - 1].Add(row.GetString(1));
        return [.. found.Select(words => words.Count > most ? null : words)];
    }

    private static async Task Execute(
        NpgsqlConnection connection, string sql, HashSet<(string Tenant, string Word)> words, CancellationToken cancellation)
    {
        if (words.Count == 0) return;
        await using var command = new NpgsqlCommand(sql, connection);
        AuditTermRows.Add(command, words.Select(w => w.Tenant).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        AuditTermRows.Add(command, words.Select(w => w.Word).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

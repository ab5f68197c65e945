using System.Runtime.CompilerServices;
using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Audit;

/// <summary>
/// What has certain terms beyond the nearest numbers, which have been read through: frequent once, or rare. See docs/decisions/0041-audit-search.md.
/// </summary>
internal static class AuditFar
{
    /// <summary>So many runs of the sequence are looked into before all are asked at once, and so many answers of that are read one by one.</summary>
    private const int NearRuns = 24, Few = 1_000;

    /// <summary>Whether a column names something of few entries, whose terms are best read.</summary>
    public static bool FindsByColumn(AuditFilter filter) => filter.Target is not null || filter.Group is not null || filter.RequestId is not null;

    /// <summary>In the order of the selection.</summary>
    public static async IAsyncEnumerable<StoredEntry> Read(
        NpgsqlConnection connection, AuditSelection selection, AuditLookup lookup, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (lookup.FindsNothing) yield break;
        if (FindsByColumn(selection.Filter))
        {
            await foreach (var entry in AuditQuery.Read(connection, AuditSql.EntriesWithTermsRead(selection, lookup.Terms), cancellation)) yield return entry;
            yield break;
        }

        var runs = await AuditFacetRows.Runs(connection, selection, cancellation);

        // What is frequent somewhere fills a page from the nearest runs in which it is.
        if (selection.Limit is { } wanted && !lookup.IsRare && !lookup.HasBeginnings)
        {
            var near = runs[..Math.Min(NearRuns, runs.Length)];
            runs = runs[near.Length..];
            await foreach (var entry in AuditQuery.Read(connection, AuditSql.EntriesWithTermsInRuns(selection, lookup.Terms, near), cancellation))
            {
                wanted--;
                yield return entry;
            }

            if (wanted == 0) yield break;
            selection = selection with { Limit = wanted };
        }

        if (runs.Length == 0) yield break;
        selection = selection with { Range = From(selection, runs[0]) };
        await foreach (var entry in AuditQuery.Read(connection, await Rest(connection, selection, lookup, runs, cancellation), cancellation)) yield return entry;
    }

    private static async Task<SqlFragment> Rest(
        NpgsqlConnection connection, AuditSelection selection, AuditLookup lookup, long[] runs, CancellationToken cancellation)
    {
        if (!lookup.HasBeginnings)
            return await Numbers(connection, selection, lookup.Terms, cancellation) is { } numbers
                ? AuditSql.EntriesAt(selection, numbers)
                : AuditSql.EntriesWithTermsInRuns(selection, lookup.Terms, runs);
        // Where a whole word or a facet leaves few, the beginning is compared with these.
        return lookup.Whole is not null && await Numbers(connection, selection, lookup.Whole, cancellation) is { } few
            ? AuditSql.EntriesAt(selection, few, lookup.Terms)
            : AuditSql.EntriesWithTermsFound(selection, lookup.Terms);
    }

    /// <summary>The numbers in the range, in the order of the selection; null if too many have the terms, in the range or elsewhere.</summary>
    private static async Task<long[]?> Numbers(
        NpgsqlConnection connection, AuditSelection selection, string terms, CancellationToken cancellation)
    {
        var sql = AuditSql.Numbers(terms, Few + 1);
        await using var command = new NpgsqlCommand(sql.Text, connection);
        command.Parameters.AddRange(sql.Parameters.ToArray());
        var (read, found) = (0, new SortedSet<long>());
        await using var row = await command.ExecuteReaderAsync(cancellation);
        for (; await row.ReadAsync(cancellation); read++)
            if (row.GetString(0) == selection.Tenant && row.GetInt64(1) is var number && number >= selection.Range.First && number <= selection.Range.Last)
                found.Add(number);
        if (read > Few) return null;
        return [.. selection.Descending ? found.Reverse() : found];
    }

    private static SequenceRange From(AuditSelection selection, long run) => selection.Descending
        ? selection.Range with { Last = Math.Min(selection.Range.Last, ((run + 1) << AuditTerms.RunBits) - 1) }
        : selection.Range with { First = Math.Max(selection.Range.First, run << AuditTerms.RunBits) };
}

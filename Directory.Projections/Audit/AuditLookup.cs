using Npgsql;

namespace Directory.Projections.Audit;

/// <summary>What is asked of the terms of entries.</summary>
/// <param name="Terms">As a tsquery.</param>
/// <param name="Whole">What of it is asked for by whole terms, if something is and not all.</param>
/// <param name="FindsNothing">Whether a word is asked for that no entry has.</param>
/// <param name="HasBeginnings">Whether a beginning is asked for that so many words have that they are not in the query one by one.</param>
/// <param name="IsRare">Whether one of the terms is that of few entries by its nature, or stands for many words.</param>
internal sealed record AuditLookup(string Terms, string? Whole, bool FindsNothing, bool HasBeginnings, bool IsRare)
{
    /// <summary>Words that a beginning may stand for, one by one.</summary>
    private const int MostWords = 100;

    /// <summary>To look for more words in one run after the other takes longer than to look for all at once.</summary>
    private const int ManyWords = 8;

    /// <summary>Null if a column alone finds what is asked.</summary>
    public static async Task<AuditLookup?> Of(NpgsqlConnection connection, string tenant, AuditFilter filter, CancellationToken cancellation)
    {
        if (AuditTerms.Query(filter) is not { } terms) return null;
        var isRare = filter.TargetName is not null || filter.ExternalId is not null || filter.Member is not null;
        var beginnings = AuditTerms.Words(filter.Text ?? "").Distinct(StringComparer.Ordinal).ToArray();
        if (beginnings.Length == 0) return new AuditLookup(terms, null, false, false, isRare);

        var words = await AuditWordRows.BeginningWith(connection, tenant, beginnings, MostWords, cancellation);
        var known = beginnings.Zip(words).ToDictionary(w => w.First, w => w.Second, StringComparer.Ordinal);
        if (words.Any(found => found is { Count: 0 })) return new AuditLookup(terms, null, true, false, true);
        var hasBeginnings = words.Any(found => found is null);
        return new AuditLookup(
            AuditTerms.Query(filter, known)!, hasBeginnings ? AuditTerms.Query(filter, known, beginnings: false) : null, false, hasBeginnings,
            isRare || words.Sum(found => found?.Count ?? 0) > ManyWords);
    }
}

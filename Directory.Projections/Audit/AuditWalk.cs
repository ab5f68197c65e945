namespace Directory.Projections.Audit;

/// <summary>
/// A walk through the audit from the newest entry to the oldest, page by page, which shows what there was when it began, whatever is
/// written meanwhile.
/// </summary>
/// <param name="Before">The next page lies below this sequence number.</param>
/// <param name="Upper">The newest entry when the walk began.</param>
/// <param name="Settled">Up to here nothing can appear any more.</param>
/// <param name="Snapshot">
/// The transactions that were running when the walk began, as PostgreSQL writes them (<c>xmin:xmax:xip,…</c>): what they wrote above
/// <paramref name="Settled"/> is left out. Null once the walk is below.
/// </param>
public sealed record AuditWalk(long Before, long Upper, long Settled, string? Snapshot)
{
    /// <summary>The walk after a page whose last entry is at a sequence number.</summary>
    public AuditWalk At(long sequence) => this with { Before = sequence, Snapshot = sequence > Settled + 1 ? Snapshot : null };
}

/// <summary>A page of the audit.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Upper">The newest entry, of any kind, that the walk can show.</param>
/// <param name="Next">How to go on, null when this is the last page.</param>
public sealed record AuditPage(IReadOnlyList<StoredEntry> Entries, long Upper, AuditWalk? Next);

/// <summary>What came after a sequence number.</summary>
/// <param name="Entries">Oldest first.</param>
/// <param name="After">Where to go on: nothing at or below it is missing from what has been handed out.</param>
/// <param name="Settled">How far the sequence is settled.</param>
public sealed record AuditTail(IReadOnlyList<StoredEntry> Entries, long After, long Settled);

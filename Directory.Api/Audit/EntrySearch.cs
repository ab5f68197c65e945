using Directory.Projections.Audit;

namespace Directory.Api.Audit;

/// <summary>A page of the audit on its way out.</summary>
/// <param name="Upper">The newest entry when the walk began.</param>
/// <param name="NextCursor">Null on the last page.</param>
public sealed record EntryPage(IReadOnlyList<StoredEntry> Entries, long Upper, string? NextCursor);

/// <summary>Searches the audit page by page.</summary>
public sealed class EntrySearch(AuditQuery audit, AuditCursor cursors)
{
    /// <exception cref="Domain.Scim.ScimException">400 invalidCursor.</exception>
    public async Task<EntryPage> Page(string tenant, AuditParameters asked, CancellationToken cancellation)
    {
        var walk = asked.Cursor is { } cursor ? cursors.Read(cursor, tenant, asked.Filter) : null;
        var page = await audit.Search(tenant, asked.Filter, walk, asked.Count ?? AuditParameters.DefaultCount, cancellation);
        return new EntryPage(page.Entries, page.Upper, page.Next is { } next ? cursors.Write(next, tenant, asked.Filter) : null);
    }
}

using System.Data;
using System.Runtime.CompilerServices;
using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Audit;

/// <summary>Reads the audit. Order is by sequence number only, never by time. See docs/decisions/0041-audit-search.md.</summary>
public sealed class AuditQuery(NpgsqlDataSource database, StableSequence sequence)
{
    /// <summary>So many sequence numbers are read through before terms are looked up.</summary>
    private const long Window = 4_096, WindowOfBeginnings = 20_000;

    /// <summary>Newest first.</summary>
    /// <param name="walk">Null for the first page.</param>
    public async Task<AuditPage> Search(string tenant, AuditFilter filter, AuditWalk? walk, int count, CancellationToken cancellation)
    {
        var settled = walk?.Settled ?? await sequence.Read(cancellation); // before the snapshot, which then shows all of it
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var place = await AuditPlace.Find(connection, tenant, filter, cancellation);
        walk ??= new AuditWalk(place.Upper + 1, place.Upper, settled, place.Snapshot);
        if (filter.AsksForRefusals) return new AuditPage([], walk.Upper, null);

        place = place.Between(0, walk.Before - 1);
        var entries = new List<StoredEntry>();
        var selection = new AuditSelection(tenant, filter, place.Recent, walk, Descending: true, count + 1);
        await Recent(connection, selection, entries, cancellation);
        await Settled(connection, selection with { Range = place.Settled }, entries, cancellation);
        return entries.Count <= count
            ? new AuditPage(entries, walk.Upper, null)
            : new AuditPage(entries[..count], walk.Upper, walk.At(entries[count - 1].Sequence));
    }

    /// <summary>What came after a sequence number and is settled, oldest first: who goes on from there never misses a late commit.</summary>
    public async Task<AuditTail> Tail(string tenant, AuditFilter filter, long after, int count, CancellationToken cancellation)
    {
        var settled = await sequence.Read(cancellation);
        if (after >= settled || filter.AsksForRefusals) return new AuditTail([], Math.Max(after, settled), settled);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var place = (await AuditPlace.Find(connection, tenant, filter, cancellation)).Between(after + 1, settled);
        var entries = new List<StoredEntry>();
        var selection = new AuditSelection(tenant, filter, place.Settled, Walk: null, Descending: false, count);
        await Settled(connection, selection, entries, cancellation);
        await Recent(connection, selection with { Range = place.Recent }, entries, cancellation);
        return new AuditTail(entries, entries.Count == count ? entries[^1].Sequence : settled, settled);
    }

    /// <summary>All there is at this moment, oldest first, one after the other out of one snapshot.</summary>
    public async IAsyncEnumerable<StoredEntry> All(
        string tenant, AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (filter.AsksForRefusals) yield break;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var place = await AuditPlace.Find(connection, tenant, filter, cancellation);
        place = place.Between(0, place.Upper);
        var settled = new AuditSelection(tenant, filter, place.Settled, Walk: null, Descending: false, Limit: null);
        var recent = settled with { Range = place.Recent };
        var lookup = await AuditLookup.Of(connection, tenant, filter, cancellation);
        if (!settled.Range.IsEmpty)
            await foreach (var entry in lookup is null ? Read(connection, AuditSql.Entries(settled), cancellation) : AuditFar.Read(connection, settled, lookup, cancellation))
                yield return entry;
        if (!recent.Range.IsEmpty)
            await foreach (var entry in Read(connection, AuditSql.Entries(recent), cancellation))
                if (AuditTerms.Match(entry, filter)) yield return entry;
    }

    /// <summary>Everything that happened to one user or group, oldest first.</summary>
    public async Task<IReadOnlyList<StoredEntry>> Timeline(string tenant, string type, Guid id, CancellationToken cancellation)
    {
        var entries = new List<StoredEntry>();
        await foreach (var entry in All(tenant, new AuditFilter { Target = id, TargetType = type }, cancellation)) entries.Add(entry);
        return entries;
    }

    /// <summary>The run that has no terms yet: they are made up as it is read, a window at a time so that little is read in vain.</summary>
    private static async Task Recent(
        NpgsqlConnection connection, AuditSelection selection, List<StoredEntry> entries, CancellationToken cancellation)
    {
        if (selection.Range.IsEmpty) return;
        var wanted = selection.Limit!.Value;
        if (AuditTerms.Query(selection.Filter) is null)
        {
            await Collect(connection, AuditSql.Entries(selection with { Limit = wanted - entries.Count }), entries, cancellation);
            return;
        }

        for (var (range, far) = Split(Bounded(selection), Window); !range.IsEmpty && entries.Count < wanted; (range, far) = Split(selection with { Range = far }, Window))
            await foreach (var entry in Read(connection, AuditSql.Entries(selection with { Range = range, Limit = null }), cancellation))
                if (entries.Count < wanted && AuditTerms.Match(entry, selection.Filter)) entries.Add(entry);
    }

    private async Task Settled(
        NpgsqlConnection connection, AuditSelection selection, List<StoredEntry> entries, CancellationToken cancellation)
    {
        if (selection.Range.IsEmpty || entries.Count >= selection.Limit) return;
        var wanted = selection.Limit!.Value;
        selection = selection with { Limit = wanted - entries.Count };
        var filter = selection.Filter;
        if (await AuditLookup.Of(connection, selection.Tenant, filter, cancellation) is not { } lookup)
        {
            await Collect(connection, AuditSql.Entries(selection), entries, cancellation);
            return;
        }

        // What is frequent is found at once in the nearest window, what is rare by looking it up in the rest.
        var (near, far) = Split(selection, lookup.HasBeginnings ? WindowOfBeginnings : Window);
        if (!lookup.FindsNothing && !AuditFar.FindsByColumn(filter))
            await Collect(connection, AuditSql.EntriesWithTermsNear(selection with { Range = near }, lookup.Terms), entries, cancellation);
        else far = selection.Range;
        if (entries.Count == wanted || far.IsEmpty) return;
        await foreach (var entry in AuditFar.Read(connection, selection with { Range = far, Limit = wanted - entries.Count }, lookup, cancellation))
            entries.Add(entry);
    }

    /// <summary>No entry lies above the last number of the sequence.</summary>
    private static AuditSelection Bounded(AuditSelection selection) => selection.Walk is { } walk
        ? selection with { Range = selection.Range with { Last = Math.Min(selection.Range.Last, walk.Upper) } }
        : selection;

    private static (SequenceRange Near, SequenceRange Far) Split(AuditSelection selection, long window)
    {
        var (first, last) = selection.Range;
        return selection.Descending
            ? (new SequenceRange(Math.Max(first, last - window + 1), last), new SequenceRange(first, last - window))
            : (new SequenceRange(first, Math.Min(last, first + window - 1)), new SequenceRange(first + window, last));
    }

    private static async Task Collect(
        NpgsqlConnection connection, SqlFragment sql, List<StoredEntry> entries, CancellationToken cancellation)
    {
        await foreach (var entry in Read(connection, sql, cancellation)) entries.Add(entry);
    }

    internal static async IAsyncEnumerable<StoredEntry> Read(
        NpgsqlConnection connection, SqlFragment sql, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql.Text, connection);
        command.Parameters.AddRange(sql.Parameters.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) yield return StoredEntry.Read(rows);
    }
}

using System.Globalization;
using Directory.Projections.Search;

namespace Directory.Projections.Audit;

/// <summary>A run of sequence numbers, both ends inclusive.</summary>
public readonly record struct SequenceRange(long First, long Last)
{
    public bool IsEmpty => First > Last;
}

/// <summary>How entries are read: whose, which, between which sequence numbers, in which order.</summary>
/// <param name="Walk">Leaves out what was not there when the walk began; null: whatever is there.</param>
/// <param name="Descending">Newest first.</param>
/// <param name="Limit">At most so many, null for all.</param>
public sealed record AuditSelection(
    string Tenant, AuditFilter Filter, SequenceRange Range, AuditWalk? Walk, bool Descending, long? Limit);

/// <summary>The SQL of the audit. Values are always parameters.</summary>
public static class AuditSql
{
    /// <summary>By the columns of <c>audit_entry</c> only.</summary>
    public static SqlFragment Entries(AuditSelection selection)
    {
        var values = new SqlParameters(1);
        return new SqlFragment(
            $"select {StoredEntry.Columns} from audit_entry e where {Where(selection, values)} {Order(selection, values)}", values.All);
    }

    /// <summary>By terms too, where a column finds a few entries at once.</summary>
    public static SqlFragment EntriesWithTermsRead(AuditSelection selection, string terms)
    {
        var values = new SqlParameters(1);
        return new SqlFragment(
            $"select {StoredEntry.Columns} from audit_entry e where {Where(selection, values)} and {HasTerms($"t.terms @@ {values.Text(terms)}::tsquery")} {Order(selection, values)}", values.All);
    }

    /// <summary>
    /// By terms too, in a run that is short enough to be read through: until enough is found, in the order of the sequence. What is frequent
    /// is found at once.
    /// </summary>
    public static SqlFragment EntriesWithTermsNear(AuditSelection selection, string terms)
    {
        var values = new SqlParameters(1);
        var query = $"{values.Text(terms)}::tsquery";
        // The function instead of its operator keeps the planner from the other index, which has no order.
        return new SqlFragment($"""
            select {StoredEntry.Columns}
            from audit_term t
            cross join lateral (select * from audit_entry e where e.seq = t.seq and {Where(selection, values)} offset 0) e
            where t.tenant_id = {values.Text(selection.Tenant)}
                and t.seq between {values.Number(selection.Range.First)} and {values.Number(selection.Range.Last)}
                and ts_match_vq(t.terms, {query}) and (t.part = 0 or not exists (
                    select from audit_term o where o.tenant_id = t.tenant_id and o.seq = t.seq and o.part < t.part and ts_match_vq(o.terms, {query})))
            order by t.seq{Direction(selection)}
            {Limit(selection, values)}
            """, values.All);
    }

    /// <summary>
    /// By terms too, looked up in one run after the other, in the order of the sequence, until enough is found: a run without any costs next to
    /// nothing, and one that is full of them no more than its length.
    /// </summary>
    /// <param name="selection">What is asked for.</param>
    /// <param name="terms">As a tsquery.</param>
    /// <param name="runs">In that order.</param>
    public static SqlFragment EntriesWithTermsInRuns(AuditSelection selection, string terms, long[] runs)
    {
        var values = new SqlParameters(1);
        return new SqlFragment($"""
            select {StoredEntry.Columns}
            from unnest({values.Numbers(runs)}) as run (number)
            cross join lateral (
                select distinct t.seq from (
                    select t.tenant_id, t.seq from audit_term t
                    where t.terms @@ format('(%s) & %L', {values.Text(terms)}, ':{AuditTerms.InRun}' || run.number)::tsquery offset 0) t
                where t.tenant_id = {values.Text(selection.Tenant)}
                    and t.seq between {values.Number(selection.Range.First)} and {values.Number(selection.Range.Last)}
                order by t.seq{Direction(selection)}) t
            cross join lateral (select * from audit_entry e where e.seq = t.seq and {Where(selection, values)} offset 0) e
            {Limit(selection, values)}
            """, values.All);
    }

    /// <summary>The tenants and numbers of entries with the terms, in no order, whatever else is asked.</summary>
    /// <param name="terms">As a tsquery.</param>
    /// <param name="most">Not more of them.</param>
    public static SqlFragment Numbers(string terms, int most)
    {
        var values = new SqlParameters(1);
        return new SqlFragment($"select tenant_id, seq from audit_numbers({values.Text(terms)}::tsquery, {values.Number(most)})", values.All);
    }

    /// <summary>By their numbers, and what else is asked of them.</summary>
    /// <param name="selection">What is asked.</param>
    /// <param name="numbers">In the order of the selection.</param>
    /// <param name="terms">As a tsquery, if they are to be compared.</param>
    public static SqlFragment EntriesAt(AuditSelection selection, long[] numbers, string? terms = null)
    {
        var values = new SqlParameters(1);
        var hasTerms = terms is null ? "" : $" and {HasTerms($"ts_match_vq(t.terms, {values.Text(terms)}::tsquery)")}"; // as above
        return new SqlFragment($"""
            select {StoredEntry.Columns}
            from unnest({values.Numbers(numbers)}) as found (number)
            cross join lateral (select * from audit_entry e where e.seq = found.number and {Where(selection, values)}{hasTerms} offset 0) e
            {Limit(selection, values)}
            """, values.All);
    }

    /// <summary>By terms too, all of which are looked up before: for beginnings of words, which cost the same in every run.</summary>
    public static SqlFragment EntriesWithTermsFound(AuditSelection selection, string terms)
    {
        var values = new SqlParameters(1);
        // The numbers are sorted before the entries are read, so that no more of these are than are wanted.
        return new SqlFragment($"""
            select {StoredEntry.Columns}
            from (
                select distinct t.seq from audit_numbers({values.Text(terms)}::tsquery, null) t
                where t.tenant_id = {values.Text(selection.Tenant)}
                    and t.seq between {values.Number(selection.Range.First)} and {values.Number(selection.Range.Last)}
                order by t.seq{Direction(selection)}) t
            cross join lateral (select * from audit_entry e where e.seq = t.seq and {Where(selection, values)} offset 0) e
            {Limit(selection, values)}
            """, values.All);
    }

    private static string HasTerms(string condition) =>
        $"exists (select from audit_term t where t.tenant_id = e.tenant_id and t.seq = e.seq and {condition})";

    private static string Order(AuditSelection selection, SqlParameters values) =>
        $"order by e.seq{Direction(selection)} {Limit(selection, values)}";

    private static string Direction(AuditSelection selection) => selection.Descending ? " desc" : "";

    private static string Limit(AuditSelection selection, SqlParameters values) =>
        selection.Limit is { } limit ? $"limit {values.Number(limit)}" : "";

    private static string Where(AuditSelection selection, SqlParameters values)
    {
        var filter = selection.Filter;
        var conditions = new List<string>
        {
            $"e.tenant_id = {values.Text(selection.Tenant)}",
            $"e.seq between {values.Number(selection.Range.First)} and {values.Number(selection.Range.Last)}",
        };
        if (filter.Since is { } since) conditions.Add($"e.time >= {values.Time(since)}");
        if (filter.Until is { } until) conditions.Add($"e.time < {values.Time(until)}");
        if (filter.Target is { } target) conditions.Add($"e.stream_id = {values.Id(target)}");
        if (filter.TargetType is { } type) conditions.Add($"e.stream_type = {values.Text(type)}");
        if (filter.Group is { } group) conditions.Add($"e.stream_id = {values.Id(group)} and e.stream_type = 'group'");
        if (filter.Connection is { } connection) conditions.Add($"e.actor_id = {values.Text(connection.ToString())} and e.actor_kind = 'scim'");
        if (filter.Action is { } action) conditions.Add($"e.action = {values.Text(action)}");
        // An event type has one action; the action has the index.
        if (filter.EventType is { } name)
            conditions.Add($"e.event_type = {values.Text(name)} and e.action = {values.Text(AuditAction.OfEventType(name) ?? "")}");
        if (filter.RequestId is { } request) conditions.Add($"e.request_id = {values.Text(request)}");
        if (!filter.IncludeNoOps) conditions.Add("not e.no_op");
        if (selection.Walk is { Snapshot: { } snapshot } walk) conditions.Add(WasThere(walk.Settled, snapshot, values));
        return string.Join(" and ", conditions);
    }

    /// <summary>
    /// Written by a transaction that had ended when the snapshot was taken. The rows in question are recent, so that transaction ids,
    /// which are 32 bits in a row, compare by their age.
    /// </summary>
    private static string WasThere(long settled, string snapshot, SqlParameters values)
    {
        var parts = snapshot.Split(':');
        var running = parts[2].Length == 0 ? "{}" : $"{{{string.Join(',', parts[2].Split(',').Select(Short))}}}";
        return $"""
            (e.seq <= {values.Number(settled)} or (age(e.xmin) > age({values.Text(Short(parts[1]))}::xid)
                and e.xmin <> all ({values.Text(running)}::xid[])))
            """;
    }

    private static string Short(string transaction) =>
        ((uint)ulong.Parse(transaction, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
}

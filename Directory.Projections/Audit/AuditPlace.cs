using Directory.Projections.Search;
using Npgsql;

namespace Directory.Projections.Audit;

/// <summary>Where in the sequence the entries lie that a filter can find, and what was there at the moment of asking.</summary>
/// <param name="Settled">The run in which terms can be looked up; times have been narrowed to it as far as they can be.</param>
/// <param name="Recent">The run behind it, whose entries are read through; short while <see cref="AuditWatch"/> keeps up.</param>
/// <param name="Upper">The newest entry of the tenant.</param>
/// <param name="Snapshot">The transactions that were running.</param>
internal sealed record AuditPlace(SequenceRange Settled, SequenceRange Recent, long Upper, string Snapshot)
{
    private const string Sql = """
        select through.seq,
            coalesce((select min(first_seq) from audit_span where last_time >= {0}), through.seq + 1),
            coalesce((select max(last_seq) from audit_span where first_time < {1}), 0),
            coalesce((select seq from audit_entry where tenant_id = {2} order by seq desc limit 1), 0),
            pg_current_snapshot()::text
        from (select coalesce((select last_seq from audit_span order by first_seq desc limit 1), 0) as seq) through
        """;

    /// <param name="connection">With a transaction of its own if several reads must agree.</param>
    public static async Task<AuditPlace> Find(NpgsqlConnection connection, string tenant, AuditFilter filter, CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        await using var command = new NpgsqlCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, Sql,
            values.Time(filter.Since ?? DateTimeOffset.MinValue), values.Time(filter.Until ?? DateTimeOffset.MaxValue), values.Text(tenant)), connection);
        command.Parameters.AddRange(values.All.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var (through, first, last, upper) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
        var settled = new SequenceRange(filter.Since is null ? 0 : first, filter.Until is null ? through : last);
        return new AuditPlace(
            Within(settled, filter), Within(new SequenceRange(through + 1, long.MaxValue), filter), upper, row.GetString(4));
    }

    public AuditPlace Between(long first, long last) => this with
    {
        Settled = Cut(Settled, first, last),
        Recent = Cut(Recent, first, last),
    };

    private static SequenceRange Within(SequenceRange range, AuditFilter filter) =>
        Cut(range, filter.FromSequence ?? 0, filter.ToSequence ?? long.MaxValue);

    private static SequenceRange Cut(SequenceRange range, long first, long last) =>
        new(Math.Max(range.First, first), Math.Min(range.Last, last));
}

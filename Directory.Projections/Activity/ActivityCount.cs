using Directory.Projections.Replay;
using Npgsql;

namespace Directory.Projections.Activity;

/// <summary>
/// Counts what happened by hour and action, behind the writes and on one node at a time, so that the overview costs the same with ten
/// events and with ten million.
/// </summary>
public sealed class ActivityCount(NpgsqlDataSource database)
{
    /// <summary>Sequence numbers counted in one transaction.</summary>
    public const int Batch = 20_000;

    private const long Turn = 0x4163_7469_7669; // any number that nobody else locks

    /// <summary>Counts all that is not counted yet, up to where the sequence is settled.</summary>
    /// <param name="settled">A sequence number at and below which no commit is missing.</param>
    /// <param name="cancellation">The service stops.</param>
    public async Task Advance(long settled, CancellationToken cancellation)
    {
        while (await Step(settled, cancellation) < settled)
        {
            // The next batch.
        }
    }

    private async Task<long> Step(long settled, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var turn = new NpgsqlCommand($"select pg_advisory_xact_lock({Turn})", connection)) await turn.ExecuteNonQueryAsync(cancellation);
        await using var place = new NpgsqlCommand("select coalesce((select through from activity_place), 0)", connection);
        var through = (long)(await place.ExecuteScalarAsync(cancellation))!;
        var to = Math.Min(settled, through + Batch);
        if (to <= through) return settled;
        await using var count = new NpgsqlCommand("""
            with counted as (
                insert into activity_hour as a (tenant_id, hour, action, entries, no_ops)
                select e.tenant_id, date_trunc('hour', e.time, 'UTC'), e.action, count(*), count(*) filter (where e.no_op)
                from mt_events m join audit_entry e on e.id = m.id
                where m.seq_id > $1 and m.seq_id <= $2
                group by 1, 2, 3
                on conflict (tenant_id, hour, action) do update set entries = a.entries + excluded.entries, no_ops = a.no_ops + excluded.no_ops)
            insert into activity_place (through) values ($2) on conflict (one) do update set through = excluded.through
            """, connection);
        await count.With(through).With(to).ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return to;
    }
}

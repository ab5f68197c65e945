using Directory.Projections.Reports;
using Directory.Projections.Requests;

namespace Directory.Api.Audit;

/// <summary>Deactivations and deletions of users, from the request to its effect.</summary>
/// <param name="Truncated">Whether there are more rows.</param>
public sealed record DeprovisioningReport(
    DateTimeOffset From, DateTimeOffset To, int Deactivations, int Deletions, DurationPercentiles DurationMs, RefusedChanges Failures, bool Truncated,
    IReadOnlyList<Deprovisioned> Rows);

/// <summary>Requests that would have changed or removed users and were refused.</summary>
public sealed record RefusedChanges(long Count, IReadOnlyList<RefusedChange> Causes);

/// <summary>Who came, came back, moved and left; the numbers count users.</summary>
public sealed record MovementReport(
    DateTimeOffset From, DateTimeOffset To, int Joiners, int Returners, int Movers, int Leavers, bool Truncated, IReadOnlyList<Movement> Rows);

/// <summary>Live users whom a connection, or any, has not touched.</summary>
public sealed record UntouchedReport(Guid? Connection, DateTimeOffset? Since, int Users, bool Truncated, IReadOnlyList<UntouchedUser> Rows);

/// <summary>What was sent in requests that changed nothing.</summary>
public sealed record NoOpReport(DateTimeOffset From, DateTimeOffset To, bool Truncated, IReadOnlyList<NoOpPush> Rows);

/// <summary>Makes the reports.</summary>
public sealed class Reports(ReportQuery query, RequestJournal journal)
{
    /// <summary>Rows of a report; one that has more is truncated.</summary>
    private const int MostRows = 100_000;

    public async Task<DeprovisioningReport> Deprovisioning(string tenant, ReportPeriod period, CancellationToken cancellation)
    {
        await journal.Flush(cancellation);
        var rows = await query.Deprovisioned(tenant, period, MostRows, cancellation);
        var refused = await query.Refused(tenant, period, cancellation);
        return new DeprovisioningReport(
            period.From, period.To, rows.Count(r => r.Action == "deactivate"), rows.Count(r => r.Action == "delete"),
            DurationPercentiles.Of(rows.Where(r => r.DurationMs is not null).Select(r => r.DurationMs!.Value)),
            new RefusedChanges(refused.Sum(r => r.Count), refused), rows.Count == MostRows, rows);
    }

    public async Task<MovementReport> Movements(string tenant, ReportPeriod period, CancellationToken cancellation)
    {
        var rows = await query.Movements(tenant, period, MostRows, cancellation);
        return new MovementReport(
            period.From, period.To, Users("joiner"), Users("returner"), Users("mover"), Users("leaver"), rows.Count == MostRows, rows);

        int Users(string kind) => rows.Where(r => r.Kind == kind).Select(r => r.UserId).Distinct().Count();
    }

    public async Task<UntouchedReport> Untouched(string tenant, Guid? connection, DateTimeOffset? since, CancellationToken cancellation)
    {
        var rows = await query.Untouched(tenant, connection, since, MostRows, cancellation);
        return new UntouchedReport(connection, since, rows.Count, rows.Count == MostRows, rows);
    }

    public async Task<NoOpReport> NoOpPushes(string tenant, ReportPeriod period, CancellationToken cancellation)
    {
        var rows = await query.NoOpPushes(tenant, period, MostRows, cancellation);
        return new NoOpReport(period.From, period.To, rows.Count == MostRows, rows);
    }
}

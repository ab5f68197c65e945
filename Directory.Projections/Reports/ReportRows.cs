namespace Directory.Projections.Reports;

/// <summary>From when to when, half-open, in database time.</summary>
public readonly record struct ReportPeriod(DateTimeOffset From, DateTimeOffset To);

/// <summary>A deactivation or deletion of a user.</summary>
/// <param name="Received">When the request arrived; null if it is not in the request log (no request, or purged).</param>
/// <param name="Effective">When it was committed and answered, at the latest; null as before.</param>
/// <param name="DurationMs">Milliseconds between the two.</param>
public sealed record Deprovisioned(
    long Sequence, DateTimeOffset Time, string Action, Guid UserId, string UserName, string? ExternalId, string Actor, string? RequestId,
    DateTimeOffset? Received, DateTimeOffset? Effective, double? DurationMs);

/// <summary>Requests that would have changed or removed a user and were refused.</summary>
public sealed record RefusedChange(
    int Status, string? ScimType, string Method, string? Connection, long Count, DateTimeOffset Last, string? Example, string RequestId);

/// <summary>Milliseconds; null where nothing was measured.</summary>
public sealed record DurationPercentiles(int Measured, double? P50, double? P95, double? P99, double? Max)
{
    /// <summary>The nearest-rank method: each figure is one of the durations.</summary>
    public static DurationPercentiles Of(IEnumerable<double> durations)
    {
        var sorted = durations.Order().ToArray();
        return sorted.Length == 0 ? new DurationPercentiles(0, null, null, null, null)
            : new DurationPercentiles(sorted.Length, Rank(50), Rank(95), Rank(99), sorted[^1]);

        double Rank(int percent) => sorted[Math.Max(0, (sorted.Length * percent + 99) / 100 - 1)];
    }
}

/// <summary>A user who came, moved or left.</summary>
/// <param name="Kind"><c>joiner</c>, <c>returner</c>, <c>mover</c> or <c>leaver</c>.</param>
/// <param name="Attributes">Of a mover: the paths that changed.</param>
public sealed record Movement(
    string Kind, long Sequence, DateTimeOffset Time, string Action, Guid UserId, string UserName, string? ExternalId, string Actor,
    IReadOnlyList<string> Attributes, string Sentence);

/// <summary>A user whom the connection has not touched.</summary>
/// <param name="LastTouched">Before the instant asked for; null: never.</param>
public sealed record UntouchedUser(
    Guid UserId, string UserName, string? ExternalId, bool Active, DateTimeOffset Created, DateTimeOffset LastModified, DateTimeOffset? LastTouched);

/// <summary>An attribute that a connection sent in vain: in requests that changed nothing at all.</summary>
/// <param name="Attribute">As it was sent; empty for requests whose operations were too many to be kept.</param>
/// <param name="Pushes">Requests.</param>
/// <param name="Targets">Users and groups.</param>
public sealed record NoOpPush(string? ConnectionId, string Connection, string TargetType, string Attribute, long Pushes, long Targets, DateTimeOffset Last);

using System.Diagnostics.Metrics;
using Directory.Projections.Integrity;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Directory.Api.Integrity;

/// <summary>What this node last saw of the seal, for health and metrics (meter <c>Directory</c>: <c>directory.seal.age</c> in seconds, <c>directory.verify.last_ok</c> in Unix seconds).</summary>
public sealed class SealState : IHealthCheck, IDisposable
{
    public static readonly TimeSpan LongestAge = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock;
    private readonly Meter _meter;
    private volatile Seen? _seen;

    public SealState(TimeProvider clock, IMeterFactory meters)
    {
        _clock = clock;
        _meter = meters.Create("Directory");
        _meter.CreateObservableGauge("directory.seal.age", () => Age.TotalSeconds, "s", "Age of the oldest event that is not sealed");
        _meter.CreateObservableGauge(
            "directory.verify.last_ok", () => _seen?.Status.LastGood?.ToUnixTimeSeconds() ?? 0, "s", "When a verification last found nothing");
    }

    public TimeSpan Age => _seen?.Status.Age(_clock.GetUtcNow()) ?? TimeSpan.Zero;

    /// <summary>Why the file of checkpoints and the database do not fit together; null when they do.</summary>
    public string? Conflict => _seen?.Conflict;

    public void Saw(SealStatus status, string? conflict) => _seen = new Seen(status, conflict);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            Conflict is { } conflict ? HealthCheckResult.Degraded(conflict)
            : Age > LongestAge ? HealthCheckResult.Degraded($"Events have been waiting for their seal for {Age.TotalMinutes:0} min.")
            : HealthCheckResult.Healthy("Events are being sealed."));

    public void Dispose() => _meter.Dispose();

    private sealed record Seen(SealStatus Status, string? Conflict);
}

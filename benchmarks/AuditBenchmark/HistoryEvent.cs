using Directory.Projections.Streams;

namespace AuditBenchmark;

/// <summary>An event with what the store keeps beside it.</summary>
public sealed record HistoryEvent(Guid Stream, long Version, DateTimeOffset Time, object Data, Origin Origin);

namespace Directory.Domain;

/// <summary>What the store knows of an event beside its data and what folding needs: its version in its stream, from 1, and its time (UTC).</summary>
public readonly record struct EventStamp(long Version, DateTimeOffset Time);

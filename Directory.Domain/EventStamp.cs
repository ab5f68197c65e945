namespace Directory.Domain;

/// <summary>What the store knows of an event beside its data and what folding needs.</summary>
/// <param name="Version">Its version in its stream, from 1.</param>
/// <param name="Time">UTC.</param>
/// <param name="Connection">
/// Of a creation: the id of the SCIM connection that asked for it, which manages the resource from then on; null when an administrator
/// or the service itself did, and the resource is local.
/// </param>
public readonly record struct EventStamp(long Version, DateTimeOffset Time, string? Connection = null);

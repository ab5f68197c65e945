namespace Directory.Domain;

/// <summary>
/// The <c>meta</c> of a resource (RFC 7643 §3.1) as folded from its events. <see cref="Version"/> is the stream version of the last
/// event that changed the resource: it stays when an event changed nothing, and <see cref="StreamVersion"/> counts that event too.
/// </summary>
public sealed record ResourceMeta(DateTimeOffset Created, DateTimeOffset LastModified, long Version, long StreamVersion)
{
    /// <summary>The entity tag, weak because the representation depends on the request (RFC 7644 §3.14).</summary>
    public string ETag => $"W/\"{Version}\"";

    public static ResourceMeta First(EventStamp stamp) => new(stamp.Time, stamp.Time, stamp.Version, stamp.Version);

    public ResourceMeta Next(EventStamp stamp, bool changed) => changed
        ? this with { LastModified = stamp.Time, Version = stamp.Version, StreamVersion = stamp.Version }
        : this with { StreamVersion = stamp.Version };
}

using Directory.Domain.Scim.Schema;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>A place in the history of one user or group.</summary>
/// <param name="Version">The stream version of the last event that has happened there; 0 before the first.</param>
/// <param name="Instant">The moment that is looked at: the time of that event, or the instant that was asked for.</param>
/// <param name="EventId">That event; empty before the first.</param>
/// <param name="Time">The time of that event.</param>
public sealed record StreamPoint(long Version, DateTimeOffset Instant, Guid EventId, DateTimeOffset Time)
{
    public static readonly StreamPoint Beginning = new(0, DateTimeOffset.MinValue, Guid.Empty, DateTimeOffset.MinValue);
}

/// <summary>Finds places in a history. An instant means the last event at or before it, all events of one request included.</summary>
public sealed class StreamPoints(NpgsqlDataSource database)
{
    private const string Select = "select version, id, timestamp from mt_events where tenant_id = $1 and stream_id = $2 and starts_with(type, $3)";

    /// <returns>Null when there is no such version.</returns>
    public async Task<StreamPoint?> OfVersion(ResourceType type, string tenant, Guid stream, long version, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{Select} and version = $4")
            .With(tenant).With(stream).With(Kind(type)).With(version);
        return await Read(command, null, cancellation);
    }

    /// <returns>Null when the stream had no event yet.</returns>
    public async Task<StreamPoint?> AsOf(ResourceType type, string tenant, Guid stream, DateTimeOffset instant, CancellationToken cancellation)
    {
        // By version, not by time: a clock that differs from node to node must not leave out an event in the middle.
        await using var command = database.CreateCommand($"{Select} and timestamp <= $4 order by version desc limit 1")
            .With(tenant).With(stream).With(Kind(type)).With(instant);
        return await Read(command, instant, cancellation);
    }

    /// <returns>The last version, null when the stream has no event.</returns>
    public async Task<StreamPoint?> Last(ResourceType type, string tenant, Guid stream, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{Select} order by version desc limit 1")
            .With(tenant).With(stream).With(Kind(type));
        return await Read(command, null, cancellation);
    }

    // The storage names of the events begin with the name of the type.
    private static string Kind(ResourceType type) => $"{type.Name.ToLowerInvariant()}_";

    private static async Task<StreamPoint?> Read(NpgsqlCommand command, DateTimeOffset? instant, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        var time = row.GetFieldValue<DateTimeOffset>(2);
        return new StreamPoint(row.GetInt64(0), instant ?? time, row.GetGuid(1), time);
    }
}

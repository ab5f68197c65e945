using System.Text;
using System.Text.Json;
using Directory.Domain.Integrity;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>Reads the event table as it is, without what Marten would make of it, and makes an event of a row where one is needed.</summary>
internal static class EventRows
{
    /// <summary>Of <c>mt_events e</c>, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = """
        e.seq_id, e.id, coalesce(e.tenant_id, ''), e.type, coalesce(e.stream_id, '00000000-0000-0000-0000-000000000000'), e.version,
        e.timestamp, e.data::text, e.headers::text, e.correlation_id, e.causation_id, e.user_name
        """;

    /// <summary>
    /// Of <c>mt_events e</c>: what is an event. Marten marks the number of a failed append with a row of its own, at some time after the
    /// failure or never; no projection makes anything of it, and to the seal the number is unused with or without it.
    /// </summary>
    public const string AreEvents = "e.type <> 'tombstone'";

    private static readonly Dictionary<string, Type> Types =
        DirectoryStore.EventNames.ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);

    public static EventRecord Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetGuid(4), row.GetInt64(5),
        row.GetFieldValue<DateTimeOffset>(6), new EventPayload(row.GetString(7), Text(row, 8), Text(row, 9), Text(row, 10), Text(row, 11)));

    /// <summary>The events of a statement that selects <see cref="Columns"/>.</summary>
    public static async Task<List<EventRecord>> ReadAll(NpgsqlCommand command, CancellationToken cancellation)
    {
        var events = new List<EventRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) events.Add(Read(reader));
        return events;
    }

    /// <exception cref="JsonException">The data is not that of an event of its type.</exception>
    /// <exception cref="InvalidOperationException">There is no such type.</exception>
    public static IEvent ToEvent(EventRecord row, ISerializer serializer)
    {
        if (!Types.TryGetValue(row.Type, out var type)) throw new InvalidOperationException($"There is no event type '{row.Type}'.");
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(row.Payload.Data));
        var data = serializer.FromJson(type, json) ?? throw new JsonException("The event has no data.");
        var e = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(type), data)!;
        (e.Id, e.Sequence, e.TenantId, e.StreamId, e.Version, e.Timestamp) =
            (row.Id, row.Sequence, row.Tenant, row.StreamId, row.Version, row.Time);
        (e.EventTypeName, e.CorrelationId, e.CausationId, e.UserName) =
            (row.Type, row.Payload.CorrelationId, row.Payload.CausationId, row.Payload.UserName);
        e.Headers = row.Payload.Headers is { } headers ? JsonSerializer.Deserialize<Dictionary<string, object>>(headers) : null;
        return e;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

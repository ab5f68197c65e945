using System.Reflection;
using System.Text.Json;
using Directory.Domain.Integrity;
using Directory.Projections.Streams;
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

    private static readonly Dictionary<string, (Type Data, Func<object, IEvent> Make)> Types =
        DirectoryStore.EventNames.ToDictionary(n => n.Value, n => (n.Key, Maker(n.Key)), StringComparer.Ordinal);

    public static EventRecord Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetGuid(4), row.GetInt64(5),
        row.GetFieldValue<DateTimeOffset>(6), new EventPayload(
            row.GetFieldValue<byte[]>(7), row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8), Text(row, 9), Text(row, 10), Text(row, 11)));

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
        using var json = new MemoryStream(row.Payload.Data);
        var e = type.Make(serializer.FromJson(type.Data, json) ?? throw new JsonException("The event has no data."));
        (e.Id, e.Sequence, e.TenantId, e.StreamId, e.Version, e.Timestamp) =
            (row.Id, row.Sequence, row.Tenant, row.StreamId, row.Version, row.Time);
        (e.EventTypeName, e.CorrelationId, e.CausationId, e.UserName) =
            (row.Type, row.Payload.CorrelationId, row.Payload.CausationId, row.Payload.UserName);
        e.Headers = row.Payload.Headers is { } headers ? Headers(headers) : null;
        return e;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static Dictionary<string, object>? Headers(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The headers are no object.");
        var (headers, next) = (new Dictionary<string, object>(Origin.HeaderNames.Length, StringComparer.Ordinal), 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader, ref next);
            reader.Read();
            headers[name] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Null => null!,
                _ => JsonElement.ParseValue(ref reader),
            };
        }

        return headers;
    }

    /// <summary>No new string for a name that every event has.</summary>
    /// <param name="reader">At the name.</param>
    /// <param name="next">Where in the order of the database the name is expected.</param>
    private static string Name(ref Utf8JsonReader reader, ref int next)
    {
        for (var i = next; i < Origin.HeaderNames.Length; i++)
            if (reader.ValueTextEquals(Origin.HeaderNames[i]))
            {
                next = i + 1;
                return Origin.HeaderNames[i];
            }

        return reader.GetString()!;
    }

    private static Func<object, IEvent> Maker(Type data) =>
        typeof(EventRows).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(data).CreateDelegate<Func<object, IEvent>>();

    private static IEvent Make<T>(object data) where T : notnull => new Event<T>((T)data);
}

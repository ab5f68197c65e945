using Directory.Domain.Integrity;
using Directory.Projections.Integrity;
using JasperFx.Events;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>A part of the events, and what was made of it.</summary>
/// <param name="First">Its first sequence number.</param>
/// <param name="Last">Its last one; the next page begins behind it.</param>
internal sealed record EventPage<T>(long First, long Last, int Events, T Made);

/// <summary>Reads the events in the order of the sequence.</summary>
/// <param name="concerned">A condition on <c>mt_events e</c> that those meet that are read.</param>
internal sealed class EventPages(NpgsqlDataSource database, ISerializer serializer, string concerned = "true")
{
    /// <summary>Sequence numbers of a page: the length of a run in <c>audit_span</c>.</summary>
    public const int Size = 4_096;

    private readonly string _select = $"""
        select {EventRows.Columns} from mt_events e where e.seq_id > $1 and e.seq_id <= $2 and {EventRows.AreEvents} and {concerned} order by e.seq_id
        """;

    private const string SelectByNumber = $"""
        select {EventRows.Columns} from mt_events e where e.seq_id = any($1) and {EventRows.AreEvents} order by e.seq_id
        """;

    /// <param name="after">Not read any more.</param>
    /// <param name="through">The last one to be read.</param>
    /// <param name="make">
    /// Called on several threads at once; what it throws ends the reading. Each event is made when it is asked for: what is made of a whole
    /// page is short, and the events are many times as long, so none of them is kept.
    /// </param>
    /// <param name="cancellation">Given up.</param>
    public IAsyncEnumerable<EventPage<T>> Read<T>(
        long after, long through, Func<IEnumerable<IEvent>, T> make, CancellationToken cancellation) =>
        WorkInOrder.Run<EventPage<T>>(async (work, stop) =>
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            var last = Math.Min(through, await Last(connection, stop));
            for (var next = after + 1; next <= last; next += Size)
            {
                var (first, to) = (next, Math.Min(last, next + Size - 1));
                var rows = await Page(connection, first, to, stop);
                await work(() => new EventPage<T>(first, to, rows.Count, make(Events(rows))));
            }
        }, cancellation);

    /// <summary>The events of these numbers, as they are now.</summary>
    public async Task<IReadOnlyList<IEvent>> Read(NpgsqlConnection connection, long[] sequences, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SelectByNumber, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = sequences, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        return [.. Events(await EventRows.ReadAll(command, cancellation))];
    }

    /// <exception cref="InvalidOperationException">One of them cannot be read.</exception>
    public IEnumerable<IEvent> Events(List<EventRecord> rows) => rows.Select(row =>
    {
        try
        {
            return EventRows.ToEvent(row, serializer);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException($"The event {row.Sequence} of type '{row.Type}' cannot be read, and it is not passed over: {e.Message}", e);
        }
    });

    private static async Task<long> Last(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(seq_id), 0) from mt_events", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<List<EventRecord>> Page(NpgsqlConnection connection, long first, long last, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(_select, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first - 1 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        return await EventRows.ReadAll(command, cancellation);
    }
}

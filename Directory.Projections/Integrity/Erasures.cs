using System.Text.Json;
using Directory.Domain.Integrity;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using Marten;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>A row of <c>erased_event</c>: what an erasure left of an event.</summary>
internal sealed record ErasedRow(long Sequence, Guid Erasure, byte[]? Salt, byte[] Commitment);

/// <summary>The erasures that the events tell of; few, and kept in memory.</summary>
internal sealed class Erasures
{
    private readonly Dictionary<Guid, (EventRecord Event, UserErased Data, string By)> _known = [];

    public IReadOnlyCollection<(EventRecord Event, UserErased Data, string By)> All => _known.Values;

    public static async Task<Erasures> Load(
        NpgsqlConnection connection, ISerializer serializer, Findings findings, CancellationToken cancellation)
    {
        var erasures = new Erasures();
        await using var command = new NpgsqlCommand(
            $"select {EventRows.Columns} from mt_events e where e.type = 'user_erased' order by e.seq_id", connection);
        foreach (var row in await EventRows.ReadAll(command, cancellation))
            try
            {
                var e = EventRows.ToEvent(row, serializer);
                var data = (UserErased)e.Data;
                if (!erasures._known.TryAdd(data.ErasureId, (row, data, Origin.Of(e).Actor.Name)))
                    findings.Add(row.Sequence, FindingKind.ErasureEdited, "Two events tell of the same erasure.");
            }
            catch (JsonException)
            {
                findings.Add(row.Sequence, FindingKind.EventUnreadable, "The event of an erasure cannot be read.");
            }

        return erasures;
    }

    /// <summary>Whether each erasure masked exactly what its event says, and left what its event says.</summary>
    public async Task Verify(NpgsqlConnection connection, Findings findings, CancellationToken cancellation)
    {
        foreach (var (row, data, _) in _known.Values)
        {
            await using var command = new NpgsqlCommand(
                "select seq, commitment from erased_event where erasure = $1 order by seq", connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = data.ErasureId });
            using var digest = new ErasureDigest();
            var count = 0L;
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            for (; await reader.ReadAsync(cancellation); count++) digest.Add(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
            if (count != data.Events || digest.Finish() != data.Digest)
                findings.Add(row.Sequence, FindingKind.ErasureEdited, "The list of what this erasure masked is not the one it recorded.");
        }
    }

    /// <summary>The rows of a range by sequence number, of each event the one of the last erasure.</summary>
    public async Task<Dictionary<long, ErasedRow>> Rows(
        NpgsqlConnection connection, long first, long last, Findings findings, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select seq, erasure, salt, commitment from erased_event where seq between $1 and $2", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        var rows = new Dictionary<long, ErasedRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = new ErasedRow(
                reader.GetInt64(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2),
                reader.GetFieldValue<byte[]>(3));
            if (!_known.ContainsKey(row.Erasure))
                findings.Add(row.Sequence, FindingKind.ErasureEdited, "The event is marked as erased, and no event tells of the erasure.");
            else if (!rows.TryGetValue(row.Sequence, out var other) || IsLater(row, other))
                rows[row.Sequence] = row;
        }

        return rows;
    }

    private bool IsLater(ErasedRow row, ErasedRow other) =>
        _known[row.Erasure].Event.Sequence > _known[other.Erasure].Event.Sequence;
}

using Directory.Domain.Integrity;
using Directory.Projections.Integrity;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>
/// Makes the users, or the groups, anew: each is folded once from all its events. What changes meanwhile is folded again, whole.
/// </summary>
internal sealed class ResourceRebuild<TState>(NpgsqlDataSource database, EventPages pages, ResourceKind<TState> kind) : IRebuild
    where TState : class
{
    private const int StreamsOfPage = 500;

    // A single event about members may list 100,000, and its time is all that counts for the group.
    private static readonly string Columns = EventRows.Columns.Replace("e.data::text", """
        case when e.type in ('group_members_added', 'group_members_removed') then '{"subject":{"name":""},"members":[]}' else e.data::text end
        """, StringComparison.Ordinal);

    private const string Begun = """
        select tenant_id, stream_id, seq_id from mt_events
        where seq_id > $1 and seq_id <= $2 and version = 1 and starts_with(type, $3) order by seq_id
        """;

    private const string Touched = """
        select tenant_id, stream_id, max(seq_id) from mt_events
        where seq_id > $1 and seq_id <= $2 and starts_with(type, $3) group by tenant_id, stream_id order by 3
        """;

    private static readonly string EventsOf = $"""
        select {Columns} from unnest($1, $2) as s (tenant, stream) join mt_events e on e.tenant_id = s.tenant and e.stream_id = s.stream
        where {EventRows.AreEvents}
        """;

    public bool NeedsIndexes => false;

    public async Task Take(NpgsqlTransaction transaction, long after, long through, Action<int, long> told, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        await foreach (var page in Read(after, through, cancellation))
        {
            if (after > 0) await Remove(connection, page.Streams, cancellation);
            await RowCopy.Write(connection, kind.Table, kind.Columns, page.Live, cancellation);
            await RowCopy.Write(connection, kind.DeletedTable, DeletedRows.Columns, page.Deleted, cancellation);
            told(page.Events, page.Last);
        }
    }

    public Task TakeRest(NpgsqlTransaction transaction, long after, Action<int, long> told, CancellationToken cancellation) =>
        Take(transaction, after, long.MaxValue, told, cancellation);

    private IAsyncEnumerable<Page> Read(long after, long through, CancellationToken cancellation) =>
        WorkInOrder.Run<Page>(async (work, stop) =>
        {
            await using var streams = await database.OpenConnectionAsync(stop);
            await using var events = await database.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand(after == 0 ? Begun : Touched, streams) { CommandTimeout = 0 };
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Prefix });
            await using var row = await command.ExecuteReaderAsync(stop);
            var part = new List<(string Tenant, Guid Stream, long Sequence)>(StreamsOfPage);
            while (await row.ReadAsync(stop))
            {
                part.Add((row.GetString(0), row.GetGuid(1), row.GetInt64(2)));
                if (part.Count < StreamsOfPage) continue;
                await Fold(part);
                part = new List<(string, Guid, long)>(StreamsOfPage);
            }

            if (part.Count > 0) await Fold(part);

            async Task Fold(List<(string Tenant, Guid Stream, long Sequence)> streams)
            {
                var rows = await EventsOfStreams(events, streams, stop);
                await work(() => Made(streams, rows));
            }
        }, cancellation);

    private static async Task<List<EventRecord>> EventsOfStreams(
        NpgsqlConnection connection, List<(string Tenant, Guid Stream, long Sequence)> streams, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(EventsOf, connection) { CommandTimeout = 0 };
        Add(command, streams);
        return await EventRows.ReadAll(command, cancellation);
    }

    private Page Made(List<(string Tenant, Guid Stream, long Sequence)> streams, List<EventRecord> rows)
    {
        var (live, deleted) = (new List<(object?, NpgsqlDbType)[]>(), new List<(object?, NpgsqlDbType)[]>());
        foreach (var stream in pages.Events(rows).GroupBy(e => (e.TenantId, e.StreamId)))
        {
            if (stream.OrderBy(e => e.Version).Aggregate((TState?)null, kind.Evolve) is not { } state) continue;
            if (kind.Live(stream.Key.TenantId, state) is { } row) live.Add(row);
            else if (kind.Deleted(stream.Key.TenantId, state) is { } last) deleted.Add(last);
        }

        return new Page(streams, rows.Count, streams[^1].Sequence, live, deleted);
    }

    private async Task Remove(
        NpgsqlConnection connection, List<(string Tenant, Guid Stream, long Sequence)> streams, CancellationToken cancellation)
    {
        foreach (var table in (string[])[kind.Table, kind.DeletedTable])
        {
            await using var command = new NpgsqlCommand(
                $"delete from {table} t using unnest($1, $2) as s (tenant, stream) where t.tenant_id = s.tenant and t.id = s.stream", connection);
            Add(command, streams);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static void Add(NpgsqlCommand command, List<(string Tenant, Guid Stream, long Sequence)> streams)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = streams.Select(s => s.Tenant).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = streams.Select(s => s.Stream).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
    }

    private sealed record Page(
        List<(string Tenant, Guid Stream, long Sequence)> Streams, int Events, long Last, List<(object?, NpgsqlDbType)[]> Live,
        List<(object?, NpgsqlDbType)[]> Deleted);
}

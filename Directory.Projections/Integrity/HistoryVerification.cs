using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>What must hold between the rows of the event table, sealed or not, and between the tables of the seal.</summary>
internal sealed class HistoryVerification(NpgsqlConnection connection, Findings findings)
{
    private const string Streams = $"""
        with numbered as (
            select seq_id, stream_id, version, row_number() over stream as place, lag(seq_id) over stream as before
            from mt_events e where {EventRows.AreEvents} window stream as (partition by tenant_id, stream_id order by version)
        )
        select seq_id, format('The stream %s has version %s at place %s, or out of order.', stream_id, version, place)
        from numbered where (version <> place or before > seq_id) and seq_id between $1 and $2 order by seq_id limit 100
        """;

    // Which event is missing at the end of a stream, the event table no longer tells.
    private const string Ends = """
        select null::bigint, format('The stream %s ends at version %s and should end at %s.', s.id, coalesce(e.last, 0), s.version)
        from mt_streams s left join lateral (
            select max(version) as last from mt_events where tenant_id = s.tenant_id and stream_id = s.id) e on true
        where coalesce(e.last, 0) <> s.version and s.id not in (select stream_id from mt_events where type = 'tombstone' limit 1)
        limit 100
        """;

    private const string Archived = """
        select seq_id, 'The event is archived, which hides it from every projection.'
        from mt_events where is_archived and seq_id between $1 and $2 order by seq_id limit 100
        """;

    private const string Orphans = """
        select seq, format('A leaf of block %s lies behind the last block.', block) from seal_leaf where seq > $1 order by seq limit 1
        """;

    public async Task Verify(long from, long to, CancellationToken cancellation)
    {
        await Find(Streams, FindingKind.StreamBroken, [from, to], cancellation);
        await Find(Ends, FindingKind.StreamBroken, [], cancellation);
        await Find(Archived, FindingKind.EventArchived, [from, to], cancellation);
    }

    public Task VerifyEnd(long sealedThrough, CancellationToken cancellation) =>
        Find(Orphans, FindingKind.BlockMissing, [sealedThrough], cancellation);

    private async Task Find(string sql, string kind, long[] values, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            findings.Add(reader.IsDBNull(0) ? null : reader.GetInt64(0), kind, reader.GetString(1));
    }
}

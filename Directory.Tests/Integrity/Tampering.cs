using System.Globalization;

namespace Directory.Tests.Integrity;

/// <summary>One way to alter the history behind the back of the service, with everything that database rights allow.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Apply">Does it somewhere at random, and says at which sequence number the history goes wrong.</param>
public sealed record Tampering(string Name, Func<SealedDirectory, Random, CancellationToken, Task<long>> Apply)
{
    private const string SealedEvents = "select seq from seal_leaf where commitment is not null";
    private const string Gaps = "select seq from seal_leaf where commitment is null";

    public static readonly IReadOnlyList<Tampering> All =
    [
        Event("edit the data", "data = data || '{\"forged\": true}'"),
        Event("rename the subject", "data = jsonb_set(data, '{subject}', '{\"name\": \"mallory@example.com\"}')"),
        Event("take the data out", "data = '{}'"),
        Event("edit a header", "headers = headers || '{\"source\": \"203.0.113.9\"}'"),
        Event("take the headers out", "headers = null"),
        Event("name another actor", "user_name = 'mallory'"),
        Event("name another request", "causation_id = 'forged'"),
        Event("name another trace", "correlation_id = 'forged'"),
        Event("move the time by a microsecond", "timestamp = timestamp + interval '1 microsecond'"),
        Event("give another id", "id = gen_random_uuid()"),
        Event("give another type", "type = 'user_adopted'"),
        Event("archive", "is_archived = true"),
        Sql("delete an event", SealedEvents, "delete from mt_events where seq_id = {0}"),
        Sql("delete an event and its audit entry", SealedEvents, "delete from audit_entry where seq = {0}; delete from mt_events where seq_id = {0}"),
        Sql("delete an event with its leaf and salt", SealedEvents,
            "delete from mt_events where seq_id = {0}; delete from audit_entry where seq = {0}; delete from event_salt where seq = {0}; delete from seal_leaf where seq = {0}",
            BlockOf),
        Sql("insert an event into a gap", Gaps, Copy),
        Sql("insert an event at the end", "select nextval('mt_events_sequence')", Copy),
        new("swap two events", Swap),
        Audit("edit the sentence", "sentence = sentence || '!'"),
        Audit("name another actor", "actor_name = 'mallory'"),
        Audit("edit the changes", "changes = changes || '[{\"op\": \"add\", \"path\": \"title\", \"after\": \"CEO\"}]'"),
        Audit("move the time", "time = time - interval '1 second'"),
        Audit("edit the request", "detail = detail || '{\"sourceAddress\": \"203.0.113.9\"}'"),
        Sql("delete an audit entry", SealedEvents, "delete from audit_entry where seq = {0}"),
        Sql("invent an audit entry", "select max(seq) + 1000 from audit_entry", """
            insert into audit_entry select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'seq', {0}::bigint))).*
            from audit_entry a order by seq limit 1
            """),
        Sql("cut off the end of the events", SealedEvents, "delete from audit_entry where seq >= {0}; delete from mt_events where seq_id >= {0}",
            "select min(seq) from seal_leaf where seq >= {0} and commitment is not null"),
        Block("cut off the end of everything", """
            delete from seal_checkpoint where block >= {0};
            delete from audit_entry where seq >= (select first_seq from seal_block where number = {0});
            delete from mt_events where seq_id >= (select first_seq from seal_block where number = {0});
            delete from event_salt where seq >= (select first_seq from seal_block where number = {0});
            delete from seal_leaf where block >= {0}; delete from seal_block where number >= {0}
            """),
        Block("edit a root", "update seal_block set root = sha256(root) where number = {0}"),
        Block("edit a hash", "update seal_block set hash = sha256(hash) where number = {0}"),
        Block("edit a signature", "update seal_block set signature = (select signature from seal_block where number <> {0} limit 1) where number = {0}"),
        Block("move the signing", "update seal_block set signed_at = signed_at - interval '1 day' where number = {0}"),
        Block("delete a block", "delete from seal_block where number = {0}"),
        Block("delete its leaves", "delete from seal_leaf where block = {0}"),
        Sql("edit a leaf", SealedEvents, "update seal_leaf set leaf = sha256(leaf) where seq = {0}", BlockOf),
        Sql("drop a salt", SealedEvents, "delete from event_salt where seq = {0}"),
    ];

    // What the leaves say is vouched for by the block as a whole.
    private const string BlockOf = "select first_seq from seal_block where {0} between first_seq and last_seq";

    private const string Copy = """
        delete from mt_events where seq_id = {0}; -- the mark of a failed append
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
        select {0}, gen_random_uuid(), stream_id, (select max(version) + 1 from mt_events n where n.stream_id = e.stream_id), data, type,
            timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name, false
        from mt_events e where type = 'user_patched' order by seq_id desc limit 1
        """;

    private static Tampering Event(string what, string set) => Sql($"event: {what}", SealedEvents, $"update mt_events set {set} where seq_id = {{0}}");

    private static Tampering Audit(string what, string set) => Sql($"audit: {what}", SealedEvents, $"update audit_entry set {set} where seq = {{0}}");

    private static Tampering Block(string what, string sql) => new($"block: {what}", async (directory, random, cancellation) =>
    {
        var block = await Pick(directory, "select number from seal_block where number > 1", random, cancellation);
        var first = await directory.Scalar<long>($"select first_seq from seal_block where number = {block}", cancellation);
        await directory.Execute(With(sql, block), cancellation);
        return first;
    });

    /// <param name="what">What is done.</param>
    /// <param name="places">The numbers it may be done at.</param>
    /// <param name="sql">Does it at {0}.</param>
    /// <param name="first">Where the history goes wrong then; null: there.</param>
    private static Tampering Sql(string what, string places, string sql, string? first = null) => new(what, async (directory, random, cancellation) =>
    {
        var place = await Pick(directory, places, random, cancellation);
        var expected = first is null ? place : await directory.Scalar<long>(With(first, place), cancellation);
        await directory.Execute(With(sql, place), cancellation);
        return expected;
    });

    private static async Task<long> Swap(SealedDirectory directory, Random random, CancellationToken cancellation)
    {
        var (a, b) = (await Pick(directory, SealedEvents, random, cancellation), 0L);
        do b = await Pick(directory, SealedEvents, random, cancellation);
        while (a == b);
        await directory.Execute(With(
            "update mt_events set seq_id = -1 where seq_id = {0}; update mt_events set seq_id = {0} where seq_id = {1}; update mt_events set seq_id = {1} where seq_id = -1",
            a, b), cancellation);
        return Math.Min(a, b);
    }

    private static async Task<long> Pick(SealedDirectory directory, string sql, Random random, CancellationToken cancellation)
    {
        var places = await directory.Texts($"select place::text from ({sql}) p (place) order by place", cancellation);
        return long.Parse(places[random.Next(places.Count)], CultureInfo.InvariantCulture);
    }

    private static string With(string sql, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            sql = sql.Replace($"{{{i}}}", Convert.ToString(values[i], CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return sql;
    }
}

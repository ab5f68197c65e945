using Directory.Domain.Integrity;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Audit;
using Marten;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// Verifies the history: from the event table, not from the audit, in one snapshot of the database and in memory that does not grow
/// with it. It changes nothing.
/// </summary>
public sealed class ChainVerifier(IDocumentStore store, NpgsqlDataSource database, ResourceType users, ResourceType groups)
{
    private const int PageSize = 1000;

    /// <exception cref="NpgsqlException">The database cannot be read.</exception>
    /// <param name="request">What to verify, and with what from outside the database.</param>
    /// <param name="through">Told the sequence number up to which it is verified, now and then.</param>
    /// <param name="cancellation">Broken off.</param>
    public async Task<VerificationReport> Verify(VerificationRequest request, CancellationToken cancellation, Action<long>? through = null)
    {
        // What is written outside after the snapshot was taken may tell of blocks that it does not show.
        var lines = request.Checkpoints is { Exists: true } file ? file.Read().Count() : 0;
        // No statement is prepared: a table of the same name is to hide another, which a prepared plan would not notice.
        var options = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, MaxAutoPrepare = 0, CommandTimeout = 0 };
        await using var likeOthers = database.CreateConnection(); // it has the password, which no connection string shows
        await using var connection = likeOthers.CloneWith(options.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var findings = new Findings();
        using var blocks = new BlockVerification(connection, request.TrustedKeys, findings);
        await blocks.LoadKeys(cancellation);
        var erasures = await Erasures.Load(connection, store.Options.Serializer(), findings, cancellation);
        await erasures.Verify(connection, findings, cancellation);
        var leaves = new LeafVerification(connection, erasures, findings);
        var audit = new AuditVerification(store, new AuditProjection(users, groups), transaction, findings);
        await audit.Begin(cancellation);
        var (from, to) = (request.From ?? 0, request.To ?? long.MaxValue);

        while (await blocks.Next(cancellation) is { Count: > 0 } page)
        {
            IReadOnlyList<SealedBlock> wanted = [.. page.Where(b => b.Last >= from && b.First <= to && b.First <= b.Last)];
            if (wanted.Count > 0) await audit.Verify(await leaves.Verify(wanted, cancellation), cancellation);
            through?.Invoke(page[^1].Last);
        }

        blocks.VerifyTrust();
        var sealedThrough = blocks.Head?.Block.Last ?? 0;
        var unsealed = await Tail(connection, audit, sealedThrough, from, to, cancellation);
        await audit.VerifyNothingElse(from, to, cancellation);
        var history = new HistoryVerification(connection, findings);
        await history.Verify(from, to, cancellation);
        await history.VerifyEnd(sealedThrough, cancellation);
        var checkpoints = new CheckpointVerification(connection, blocks, findings);
        await checkpoints.VerifyInside(cancellation);
        var compared = request.Checkpoints is { } outside && lines > 0 ? await checkpoints.VerifyOutside(outside, lines, cancellation) : 0;

        return new VerificationReport(
            findings.Count == 0 ? VerificationStatus.Ok : VerificationStatus.Tampered, findings.FirstSequence, leaves.Events, leaves.Gaps,
            blocks.Count, sealedThrough, unsealed, blocks.Head is { } head ? Convert.ToHexStringLower(head.Hash) : null,
            blocks.Head?.Block.KeyId, blocks.IsTrusted, compared, [.. erasures.All.Select(e => Note(e, sealedThrough))], findings.Count,
            findings.Kept, [.. Warnings(request, blocks, compared, unsealed)]);
    }

    /// <summary>The events that are not sealed yet: they must be in the audit, and more cannot be said of them.</summary>
    private static async Task<long> Tail(
        NpgsqlConnection connection, AuditVerification audit, long sealedThrough, long from, long to, CancellationToken cancellation)
    {
        var (count, last) = (0L, sealedThrough);
        while (true)
        {
            await using var command = new NpgsqlCommand(
                $"select {EventRows.Columns} from mt_events e where e.seq_id > $1 and {EventRows.AreEvents} order by e.seq_id limit {PageSize}", connection);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
            var events = await EventRows.ReadAll(command, cancellation);
            if (events.Count == 0) return count;
            count += events.Count;
            last = events[^1].Sequence;
            await audit.Verify([.. events.Where(e => e.Sequence >= from && e.Sequence <= to)], cancellation);
        }
    }

    private static ErasureNote Note((EventRecord Event, Domain.Users.UserErased Data, string By) erasure, long sealedThrough) => new(
        erasure.Event.Sequence, erasure.Event.Time, erasure.By, erasure.Event.StreamId, erasure.Data.Reason, erasure.Data.Events,
        erasure.Event.Sequence <= sealedThrough);

    private static IEnumerable<string> Warnings(VerificationRequest request, BlockVerification blocks, long compared, long unsealed)
    {
        if (request.TrustedKeys.Count == 0 && blocks.Head is not null)
            yield return "No key is known from outside the database: the signatures were verified with the keys that the database itself holds.";
        if (compared == 0)
            yield return "No checkpoint from outside the database was compared: a database put back to an older state would not be noticed.";
        if (unsealed > 0)
            yield return $"{unsealed} events are not sealed yet; until then only the roles of the database protect them.";
    }
}

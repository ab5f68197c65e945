using Directory.Domain.Integrity;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Audit;
using Directory.Projections.Rebuilding;
using Marten;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>
/// Verifies the history: from the event table, not from the audit, in one snapshot of the database and in memory that does not grow
/// with it; what is read is verified by all processors while more is read. It changes nothing.
/// </summary>
public sealed class ChainVerifier(IDocumentStore store, NpgsqlDataSource database, ResourceType users, ResourceType groups)
{
    /// <exception cref="NpgsqlException">The database cannot be read.</exception>
    /// <param name="request">What to verify, and with what from outside the database.</param>
    /// <param name="through">Told the sequence number up to which it is verified, now and then.</param>
    /// <param name="cancellation">Broken off.</param>
    public async Task<VerificationReport> Verify(VerificationRequest request, CancellationToken cancellation, Action<long>? through = null)
    {
        // What is written outside after the snapshot was taken may tell of blocks that it does not show.
        var lines = request.Checkpoints is { Exists: true } file ? file.Read().Count() : 0;
        await using var snapshot = await Snapshot.Take(database, cancellation);
        var (connection, findings) = (snapshot.First.Connection!, new Findings());
        using var blocks = new BlockVerification(connection, request.TrustedKeys, findings);
        await blocks.LoadKeys(cancellation);
        var erasures = await Erasures.Load(connection, store.Options.Serializer(), findings, cancellation);
        await erasures.Verify(connection, findings, cancellation);
        var (from, to) = (request.From ?? 0, request.To ?? long.MaxValue);

        var pieces = await Pieces(snapshot, blocks, erasures, from, to, through, cancellation);
        findings.Add(pieces.Findings);
        blocks.VerifyTrust();
        var sealedThrough = blocks.Head?.Block.Last ?? 0;
        var history = new HistoryVerification(connection, findings);
        await history.Verify(from, to, cancellation);
        await history.VerifyEnd(sealedThrough, cancellation);
        var checkpoints = new CheckpointVerification(connection, blocks, findings);
        await checkpoints.VerifyInside(cancellation);
        var compared = request.Checkpoints is { } outside && lines > 0 ? await checkpoints.VerifyOutside(outside, lines, cancellation) : 0;

        return new VerificationReport(
            findings.Count == 0 ? VerificationStatus.Ok : VerificationStatus.Tampered, findings.FirstSequence, pieces.Events, pieces.Gaps,
            blocks.Count, sealedThrough, pieces.Unsealed, blocks.Head is { } head ? Convert.ToHexStringLower(head.Hash) : null,
            blocks.Head?.Block.KeyId, blocks.IsTrusted, compared, [.. erasures.All.Select(e => Note(e, sealedThrough))], findings.Count,
            findings.Kept, [.. Warnings(request, blocks, compared, pieces.Unsealed)]);
    }

    /// <summary>Verifies all events, sealed or not, and the audit with them.</summary>
    private async Task<VerifiedPiece> Pieces(
        Snapshot snapshot, BlockVerification blocks, Erasures erasures, long from, long to, Action<long>? through, CancellationToken cancellation)
    {
        var rows = await snapshot.Join(cancellation);
        var reader = new HistoryReader(snapshot.First.Connection!, rows.Connection!, blocks, erasures, new AuditComparison(store.Options.Serializer(), users, groups));
        var (all, audit) = (new VerifiedPiece(from, to), (AuditVerification?)null);
        await foreach (var piece in WorkInOrder.Run<VerifiedPiece>((work, stop) => reader.Read(from, to, work, stop), cancellation))
        {
            all.Add(piece);
            if (piece.Differing.Count > 0)
            {
                audit ??= await AuditVerification.Begin(store, new AuditProjection(users, groups), await snapshot.Join(cancellation), cancellation);
                await audit.Verify(piece.Differing, all.Findings, cancellation);
            }

            if (piece.Last > 0) through?.Invoke(piece.Last);
        }

        await AuditVerification.VerifyNothingElse(rows, audit is null ? all.Same : null, from, to, all.Findings, cancellation);
        return all;
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

using System.Text.Json.Nodes;
using Directory.Api.Jobs;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;

namespace Directory.Api.Integrity;

/// <summary>
/// Verifies the whole history beside the running service, with the key and the checkpoints of this node. The result is the report of
/// docs/integrity.md; that something was altered is told there and is no failure of the job.
/// </summary>
public sealed class VerifyJob(
    ChainVerifier verifier, IntegrityQuery integrity, StableSequence sequence, IntegritySettings settings, InstallationSecret installation,
    TimeProvider clock) : IJobKind
{
    public const string Kind = "verify";

    public string Name => Kind;

    public async Task<JsonNode?> Run(JobRun run, CancellationToken cancellation)
    {
        var last = await sequence.Read(cancellation);
        run.Report("verifying", 0, last);
        var (keyFile, checkpointFile) = (settings.KeyPath(installation.InstallationId), settings.CheckpointPath(installation.InstallationId));
        List<VerificationKey> keys = File.Exists(keyFile) ? [new VerificationKey(await File.ReadAllTextAsync(keyFile, cancellation))] : [];
        try
        {
            var checkpoints = File.Exists(checkpointFile) ? new CheckpointFile(checkpointFile) : null;
            var report = await verifier.Verify(
                new VerificationRequest(null, null, keys, checkpoints), cancellation, through => run.Report("verifying", Math.Min(through, last), last));
            await integrity.Keep(report, clock.GetUtcNow(), cancellation);
            run.Report("verifying", last, last);
            return JsonNode.Parse(report.ToJson());
        }
        finally
        {
            foreach (var key in keys) key.Dispose();
        }
    }
}

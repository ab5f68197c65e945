using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Directory.Api.Integrity;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Npgsql;

namespace Directory.Api.Hosting.Commands;

/// <summary>
/// <c>verify</c>: recomputes the history from the event table and says whether it is what was sealed. It needs no running service,
/// and starts the private database if that is the one in use.
/// </summary>
public static class VerifyCommand
{
    public const string Name = "verify";

    private const int Ok = 0, Tampered = 1, CannotVerify = 2;

    /// <returns>0 nothing was altered, 1 something was, 2 it cannot be verified.</returns>
    public static async Task<int> Run(
        IReadOnlyList<string> args, IConfiguration configuration, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (VerifyArguments.Parse(args) is not { } arguments)
        {
            await errors.WriteLineAsync(VerifyArguments.Usage);
            return CannotVerify;
        }

        try
        {
            var report = await Verify(arguments, configuration, cancellation);
            await output.WriteLineAsync(arguments.Json ? report.ToJson() : VerificationText.Of(report));
            return report.Status == VerificationStatus.Ok ? Ok : Tampered;
        }
        catch (Exception e) when (e is NpgsqlException or DatabaseUnavailableException or SettingException or IOException or CryptographicException
            or UnauthorizedAccessException or InvalidOperationException)
        {
            await (arguments.Json ? output : errors).WriteLineAsync(arguments.Json
                ? new JsonObject { ["status"] = "unverifiable", ["reason"] = e.Message }.ToJsonString()
                : $"This cannot be verified: {e.Message}");
            return CannotVerify;
        }
    }

    private static async Task<VerificationReport> Verify(
        VerifyArguments arguments, IConfiguration configuration, CancellationToken cancellation)
    {
        await using var database = await CommandDatabase.Open(Name, configuration, cancellation);
        var installation = new InstallationSecret(database.Source);
        await installation.Load(cancellation);
        var settings = IntegritySettings.Read(configuration);
        var keys = Keys(arguments, settings.KeyPath(installation.InstallationId));
        var checkpoints = Checkpoints(arguments, settings.CheckpointPath(installation.InstallationId));
        try
        {
            var verifier = new ChainVerifier(database.Store, database.Source, database.Schemas.User, database.Schemas.Group);
            var report = await verifier.Verify(new VerificationRequest(arguments.From, arguments.To, keys, checkpoints), cancellation);
            await new IntegrityQuery(database.Source).Keep(report, database.Clock.GetUtcNow(), cancellation);
            return report;
        }
        finally
        {
            foreach (var key in keys) key.Dispose();
        }
    }

    private static List<VerificationKey> Keys(VerifyArguments arguments, string keyFile)
    {
        List<string> files = arguments.Keys.Count > 0 ? [.. arguments.Keys] : File.Exists(keyFile) ? [keyFile] : [];
        return files.ConvertAll(file => new VerificationKey(File.ReadAllText(file)));
    }

    private static CheckpointFile? Checkpoints(VerifyArguments arguments, string file)
    {
        if (arguments.Checkpoint is not { } named) return File.Exists(file) ? new CheckpointFile(file) : null;
        return File.Exists(named) ? new CheckpointFile(named) : throw new FileNotFoundException($"There is no file '{named}'.");
    }
}

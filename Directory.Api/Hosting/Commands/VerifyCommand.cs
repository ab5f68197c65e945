using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Directory.Api.Integrity;
using Directory.Projections;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;
using JasperFx;
using Marten;
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
        var files = DirectorySettings.Read(configuration);
        var registry = SchemaFile.Load(files.SchemaFile, SchemaFile.LoadEntitlements(files.EntitlementsFile));
        // What is logged goes to the error output, so that the output is the report and nothing else.
        using var logging = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        DemandDatabase(configuration);
        await using var database = await DatabaseResolver.Resolve(configuration, logging.CreateLogger(Name), cancellation);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await DemandTables(source, cancellation);
        using var clock = await DirectoryClock.Start(source, cancellation);
        using var store = DocumentStore.For(options =>
        {
            options.Connection(source);
            options.AutoCreateSchemaObjects = AutoCreate.None;
            DirectoryStore.Configure(options, registry.User, registry.Group, clock);
        });

        var installation = new InstallationSecret(source);
        await installation.Load(cancellation);
        var settings = IntegritySettings.Read(configuration);
        var keys = Keys(arguments, settings.KeyPath(installation.InstallationId));
        var checkpoints = Checkpoints(arguments, settings.CheckpointPath(installation.InstallationId));
        try
        {
            var verifier = new ChainVerifier(store, database.ConnectionString, registry.User, registry.Group);
            var report = await verifier.Verify(new VerificationRequest(arguments.From, arguments.To, keys, checkpoints), cancellation);
            await new IntegrityQuery(source).Keep(report, clock.GetUtcNow(), cancellation);
            return report;
        }
        finally
        {
            foreach (var key in keys) key.Dispose();
        }
    }

    /// <summary>Looking for what is not there must not make an empty one.</summary>
    private static void DemandDatabase(IConfiguration configuration)
    {
        if (!string.IsNullOrWhiteSpace(configuration.GetConnectionString("Directory"))) return;
        var folder = new ClusterFolder(Path.GetFullPath(IntegritySettings.Read(configuration).Folder));
        if (folder.Major is null)
            throw new InvalidOperationException($"ConnectionStrings__Directory is not set, and there is no private database in '{folder.Root}'.");
    }

    private static async Task DemandTables(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select to_regclass('mt_events') is not null and to_regclass('seal_block') is not null and to_regclass('verification') is not null");
        if (!(bool)(await command.ExecuteScalarAsync(cancellation))!)
            throw new InvalidOperationException("The database has no tables of this version of Directory; start the service once.");
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

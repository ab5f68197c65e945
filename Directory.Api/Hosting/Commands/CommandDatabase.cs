using Directory.Api.Integrity;
using Directory.Domain.Scim.Schema;
using Directory.Projections;
using Directory.Projections.Streams;
using JasperFx;
using Marten;
using Npgsql;

namespace Directory.Api.Hosting.Commands;

/// <summary>The database as a command uses it, beside a running service or without one; the private one is started if that is in use.</summary>
public sealed class CommandDatabase : IAsyncDisposable
{
    private readonly ResolvedDatabase _resolved;
    private readonly ILoggerFactory _logging;

    private CommandDatabase(ResolvedDatabase resolved, ILoggerFactory logging, NpgsqlDataSource source, DirectoryClock clock, SchemaRegistry schemas)
    {
        (_resolved, _logging, Source, Clock, Schemas) = (resolved, logging, source, clock, schemas);
        Store = DocumentStore.For(options =>
        {
            options.Connection(source);
            options.AutoCreateSchemaObjects = AutoCreate.None;
            DirectoryStore.Configure(options, schemas.User, schemas.Group, clock);
        });
    }

    public string ConnectionString => _resolved.ConnectionString;

    public NpgsqlDataSource Source { get; }

    public DirectoryClock Clock { get; }

    public SchemaRegistry Schemas { get; }

    public DocumentStore Store { get; }

    /// <param name="name">Of the command, for the log, which goes to the error output.</param>
    /// <param name="configuration">As the service's.</param>
    /// <param name="cancellation">Given up.</param>
    /// <exception cref="InvalidOperationException">There is no database, or it is not one of this version.</exception>
    public static async Task<CommandDatabase> Open(string name, IConfiguration configuration, CancellationToken cancellation)
    {
        var files = DirectorySettings.Read(configuration);
        var schemas = SchemaFile.Load(files.SchemaFile, SchemaFile.LoadEntitlements(files.EntitlementsFile));
        DemandDatabase(configuration);
        // What is logged goes to the error output, so that the output is the report and nothing else.
        var logging = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        ResolvedDatabase? resolved = null;
        NpgsqlDataSource? source = null;
        try
        {
            resolved = await DatabaseResolver.Resolve(configuration, logging.CreateLogger(name), cancellation);
            source = NpgsqlDataSource.Create(resolved.ConnectionString);
            await DemandTables(source, cancellation);
            return new CommandDatabase(resolved, logging, source, await DirectoryClock.Start(source, cancellation), schemas);
        }
        catch
        {
            if (source is not null) await source.DisposeAsync();
            if (resolved is not null) await resolved.DisposeAsync();
            logging.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        Clock.Dispose();
        await Source.DisposeAsync();
        await _resolved.DisposeAsync();
        _logging.Dispose();
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
}

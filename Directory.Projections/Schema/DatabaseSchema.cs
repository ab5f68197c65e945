using DbUp;
using DbUp.Engine.Output;
using DbUp.Postgresql;
using JasperFx;
using Marten;
using Npgsql;

namespace Directory.Projections.Schema;

/// <summary>
/// Brings the database to the schema of this version: the event store's tables by Marten, the others by the numbered scripts of this
/// folder, each once and in a transaction of its own. Nodes that start at the same time take turns.
/// </summary>
public static class DatabaseSchema
{
    private const long Turn = 0x4469_7265_6374; // any number that nobody else locks

    /// <exception cref="InvalidOperationException">A script failed, or the database was made by a newer version.</exception>
    public static async Task Apply(IDocumentStore store, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({Turn})", connection)) await take.ExecuteNonQueryAsync(cancellation);
        try
        {
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
            RunScripts(database);
        }
        finally
        {
            await using var release = new NpgsqlCommand($"select pg_advisory_unlock({Turn})", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static void RunScripts(NpgsqlDataSource database)
    {
        var engine = DeployChanges.To
            .PostgresqlDatabase(new PostgresqlConnectionManager(database))
            .WithScriptsEmbeddedInAssembly(typeof(DatabaseSchema).Assembly, name => name.EndsWith(".sql", StringComparison.Ordinal))
            .JournalToPostgresqlTable("public", "schema_script")
            .WithTransactionPerScript()
            .LogTo(new NoOpUpgradeLog())
            .Build();
        var known = engine.GetDiscoveredScripts().Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        if (engine.GetExecutedScripts().FirstOrDefault(name => !known.Contains(name)) is { } newer)
            throw new InvalidOperationException($"The database was made by a newer version of Directory: this one does not know its script '{newer}'.");
        var result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException($"The schema script '{result.ErrorScript?.Name}' failed: {result.Error.Message}", result.Error);
    }
}

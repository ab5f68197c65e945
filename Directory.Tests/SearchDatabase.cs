using System.Reflection;
using Directory.Projections.Search;
using Npgsql;
using Xunit;

namespace Directory.Tests;

/// <summary>A schema of its own with the tables that searches read, in the database that ConnectionStrings__Directory names.</summary>
public sealed class SearchDatabase : IAsyncLifetime
{
    private static readonly string[] Scripts = ["0001_read_models.sql", "0004_search.sql"];

    private readonly string _schema = $"search_{Guid.NewGuid():n}";

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var database = Environment.GetEnvironmentVariable("ConnectionStrings__Directory")
            ?? throw new InvalidOperationException("ConnectionStrings__Directory names no database to test with.");
        var settings = new NpgsqlConnectionStringBuilder(database) { SearchPath = _schema };
        Source = NpgsqlDataSource.Create(settings);
        await Execute($"create schema {_schema}");
        foreach (var script in Scripts) await Execute(await Read(script));
    }

    public async ValueTask DisposeAsync()
    {
        await Execute($"drop schema {_schema} cascade");
        await Source.DisposeAsync();
    }

    public async Task Execute(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> Read(string script)
    {
        var assembly = typeof(FilterSql).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith(script, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}

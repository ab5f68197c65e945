using System.Reflection;
using Directory.Projections.Search;
using Directory.Tests.Hosting;
using Npgsql;
using Xunit;

namespace Directory.Tests;

/// <summary>A database of its own with the tables that searches read.</summary>
public sealed class SearchDatabase(TestDatabase databases) : IAsyncLifetime
{
    private static readonly string[] Scripts = ["0001_read_models.sql", "0004_search.sql", "0010_list_blocks.sql", "0011_nested_groups.sql"];

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Source = NpgsqlDataSource.Create(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        foreach (var script in Scripts) await Execute(await Read(script));
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

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

using System.Collections.Concurrent;
using Directory.Api.Hosting;
using Directory.Tests.Hosting;
using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;
using Xunit;

[assembly: AssemblyFixture(typeof(TestDatabase))]

namespace Directory.Tests.Hosting;

/// <summary>
/// The PostgreSQL server of the whole test run: the one that <c>ConnectionStrings__Directory</c> names; else a private one on
/// this machine's programs, in a temporary folder and without fsync; else a container. Each test class asks for a database of
/// its own, so that classes and several test runs at once do not meet.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private readonly ConcurrentBag<string> created = [];
    private PrivateCluster? cluster;
    private PostgreSqlContainer? container;
    private string server = "";

    /// <summary>Creates an empty database with a name of its own; it is dropped at the end of the test run.</summary>
    /// <returns>Its connection string, which allows 20 connections at once.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"t_{Guid.NewGuid():N}";
        await Execute($"create database {name}", cancellation);
        created.Add(name);
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
    }

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        if (Environment.GetEnvironmentVariable("ConnectionStrings__Directory") is { Length: > 0 } configured)
            server = DatabaseConnection.WithDefaults(configured);
        else if (await LocalPostgres.Find(cancellation) is { } binaries)
            server = await StartCluster(binaries, cancellation);
        else
            server = await StartContainer(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
            TemporaryFolder.Delete(cluster.Folder);
        }
        else if (container is not null)
            await container.DisposeAsync();
        else
            foreach (var name in created)
                await Execute($"drop database if exists {name} with (force)", CancellationToken.None);
    }

    private async Task<string> StartCluster(PostgresBinaries binaries, CancellationToken cancellation)
    {
        await TemporaryFolder.RemoveAbandoned(binaries);
        var options = new ClusterOptions(TemporaryFolder.NewName()) { Durable = false };
        cluster = await PrivateCluster.Start(options, binaries, NullLogger.Instance, cancellation);
        return cluster.ConnectionString;
    }

    private async Task<string> StartContainer(CancellationToken cancellation)
    {
        try
        {
            container = new PostgreSqlBuilder("postgres:17-alpine").Build();
            await container.StartAsync(cancellation);
            return DatabaseConnection.WithDefaults(container.GetConnectionString());
        }
        catch (DockerUnavailableException e)
        {
            throw DatabaseUnavailableException.NothingFound($"No container engine answers either: {e.Message}");
        }
    }

    // Outside the pool: a pooled connection to the server's own database would outlive the databases it made.
    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

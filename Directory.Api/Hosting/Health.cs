using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Directory.Api.Hosting;

/// <summary>
/// <c>/health/live</c> says that the process runs and asks nobody; <c>/health/ready</c> says that requests can be served. Once the
/// service has been told to stop it is no longer ready, while it finishes what it has begun.
/// </summary>
public static class Health
{
    internal const string Ready = "ready";

    public static IServiceCollection AddDirectoryHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: [Ready])
            .AddCheck<StoppingHealth>("stopping", tags: [Ready]);
        return services;
    }

    public static void MapDirectoryHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Ready), ResponseWriter = Write })
            .AllowAnonymous();
    }

    private static Task Write(HttpContext context, HealthReport report)
    {
        var checks = new JsonObject();
        foreach (var (name, entry) in report.Entries)
            checks[name] = new JsonObject { ["status"] = entry.Status.ToString(), ["description"] = entry.Description };
        return context.Response.WriteAsJsonAsync(
            new JsonObject { ["status"] = report.Status.ToString(), ["checks"] = checks }, context.RequestAborted);
    }
}

/// <summary>Whether the database answers and keeps what it acknowledges.</summary>
public sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand(
                "select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), pg_is_in_recovery()");
            command.CommandTimeout = 5;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            if (row.GetBoolean(3)) return HealthCheckResult.Unhealthy("The database is in recovery and takes no writes.");
            return row.GetString(0) == "on" && row.GetString(1) == "on" && row.GetString(2) != "off"
                ? HealthCheckResult.Healthy("The database answers.")
                : HealthCheckResult.Degraded("The database answers, and its settings can lose acknowledged writes in a crash.");
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}

/// <summary>Whether the service has been told to stop.</summary>
public sealed class StoppingHealth(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The service is stopping.")
            : HealthCheckResult.Healthy());
}

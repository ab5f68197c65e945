using Directory.Api.Hosting;
using Directory.Api.Jobs;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Streams;
using Marten;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Directory.Api.Integrity;

/// <summary>Sealing, what is told of it, and erasure.</summary>
public static class IntegrityHost
{
    public static IServiceCollection AddIntegrity(
        this IServiceCollection services, IConfiguration configuration, ResourceType users, ResourceType groups)
    {
        services.AddSingleton(IntegritySettings.Read(configuration));
        services.TryAddSingleton<StableSequence>();
        services.AddSingleton<IntegrityQuery>();
        services.AddSingleton(s => new ChainVerifier(
            s.GetRequiredService<IDocumentStore>(), s.GetRequiredService<NpgsqlDataSource>(), users, groups));
        services.AddSingleton<IJobKind, VerifyJob>();
        services.AddSingleton<SealHistory>();
        services.AddSingleton<SealState>();
        services.AddHostedService<SealingService>();
        services.AddHealthChecks().AddCheck<SealState>("integrity", tags: [Health.Ready]);
        services.AddSingleton(s => new ErasureStream(
            s.GetRequiredService<DirectoryWriter>(), s.GetRequiredService<IDocumentStore>(), users, groups));
        return services;
    }
}

using Directory.Api.Hosting;
using Directory.Api.Jobs;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Adoption;
using Directory.Projections.Streams;
using Npgsql;

namespace Directory.Api.Adoption;

/// <summary>Who manages what, the taking over by connections, and what administrators do with local users and groups.</summary>
public static class CustodyRegistration
{
    public static IServiceCollection AddCustody(
        this IServiceCollection services, DirectorySettings settings, ResourceType users, ResourceType groups) => services
        .AddSingleton(new CustodyRules(settings.ShareResources))
        .AddSingleton(s => new AdoptionStream(
            s.GetRequiredService<DirectoryWriter>(), s.GetRequiredService<NpgsqlDataSource>(), users, groups, s.GetRequiredService<TimeProvider>()))
        .AddSingleton<ManagedResources>()
        .AddSingleton<LocalResources>()
        .AddSingleton<IJobKind, ReleaseJob>();
}

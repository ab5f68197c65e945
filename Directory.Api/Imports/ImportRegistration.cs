using Directory.Api.Groups;
using Directory.Api.Jobs;
using Directory.Api.Users;
using Directory.Domain.Imports;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Imports;
using Marten;
using Npgsql;

namespace Directory.Api.Imports;

/// <summary>What imports are made of.</summary>
public static class ImportRegistration
{
    public static IServiceCollection AddImports(this IServiceCollection services, ResourceType users, ResourceType groups) => services
        .AddSingleton(new RecordReader(users, groups))
        .AddSingleton<ImportTable>()
        .AddSingleton(s => new ImportStream(
            s.GetRequiredService<IDocumentStore>(), s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<UserResources>().Stream,
            s.GetRequiredService<GroupResources>().Stream, s.GetRequiredService<RecordReader>(), s.GetRequiredService<TimeProvider>()))
        .AddSingleton<ImportDesk>()
        .AddSingleton<IJobKind, ImportCheckJob>()
        .AddSingleton<IJobKind, ImportRunJob>();
}

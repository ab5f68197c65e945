using Directory.Api.Admin;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;
using Directory.Projections.Search;
using Directory.Projections.Streams;
using Marten;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>What replay, restoring and previews are made of.</summary>
public static class ReplayRegistration
{
    public static IServiceCollection AddReplay(this IServiceCollection services, ResourceType users, ResourceType groups) => services
        .AddSingleton(s => new ResourceHistory(
            s.GetRequiredService<IDocumentStore>(), s.GetRequiredService<NpgsqlDataSource>(), users, groups))
        .AddSingleton<StreamPoints>()
        .AddSingleton<ReplayEntries>()
        .AddSingleton<MembershipQuery>()
        .AddSingleton<PastNames>()
        .AddSingleton<MembershipHistory>()
        .AddSingleton<ConnectionEntries>()
        .AddSingleton(s => new ConnectionChanges(
            s.GetRequiredService<ConnectionEntries>(), s.GetRequiredService<PastNames>(), users, groups))
        .AddSingleton(s => new UserDecisions(s.GetRequiredService<DirectoryWriter>(), users, s.GetRequiredService<TimeProvider>()))
        .AddSingleton(s => new GroupDecisions(s.GetRequiredService<DirectoryWriter>(), groups, s.GetRequiredService<TimeProvider>()))
        .AddSingleton<ConnectionUndo>()
        .AddSingleton<PageCursor>()
        .AddSingleton<Replay>()
        .AddSingleton<Comparison>()
        .AddSingleton(s => new NameQuery(s.GetRequiredService<NpgsqlDataSource>(), users))
        .AddSingleton<NameSearch>()
        .AddSingleton<Restoration>()
        .AddSingleton<WritePreview>();
}

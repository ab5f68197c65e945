using Directory.Api.Admin.Provisioning;
using Directory.Api.Adoption;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Bulk;
using Directory.Api.Groups;
using Directory.Api.Imports;
using Directory.Api.Integrity;
using Directory.Api.Jobs;
using Directory.Api.OpenApi;
using Directory.Api.Pages;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Api.Users;
using Directory.Domain.Scim.Schema;
using Directory.Projections;
using Directory.Projections.Adoption;
using Directory.Projections.Audit;
using Directory.Projections.Bulk;
using Directory.Projections.Groups;
using Directory.Projections.Provisioning;
using Directory.Projections.Rebuilding;
using Directory.Projections.Schema;
using Directory.Projections.Search;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using Marten;
using Npgsql;
using Wolverine;
using Wolverine.Http;

namespace Directory.Api.Hosting;

/// <summary>Everything the service is made of.</summary>
public static class DirectoryHost
{
    public static WebApplicationBuilder AddDirectory(
        this WebApplicationBuilder builder, DirectorySettings settings, NpgsqlDataSource database, DirectoryClock clock)
    {
        var entitlements = SchemaFile.LoadEntitlements(settings.EntitlementsFile);
        var registry = SchemaFile.Load(settings.SchemaFile, entitlements);
        var (users, groups) = (registry.User, registry.Group);
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(registry);
        services.AddSingleton(entitlements);
        services.AddSingleton(database);
        services.AddSingleton<TimeProvider>(clock);
        services.AddMarten(options => DirectoryStore.Configure(options, users, groups, clock)).UseNpgsqlDataSource();

        services.AddSingleton<DirectoryWriter>();
        services.AddProvisioning();
        services.AddSingleton<InstallationSecret>();
        services.AddSingleton<ListCursor>();
        services.AddSingleton(new ResourceList(database, clock));
        services.AddAudit();
        services.AddReplay(users, groups);
        services.AddSingleton(s => new ProjectionRebuild(
            s.GetRequiredService<IDocumentStore>(), database, s.GetRequiredService<StableSequence>(), users, groups));
        services.AddSingleton<Bootstrap>();
        services.AddSingleton(s => new UserResources(
            users, new UserStream(s.GetRequiredService<DirectoryWriter>(), users, s.GetRequiredService<CustodyRules>()), new ResourceQuery(database, ResourceTable.Users(users))));
        services.AddSingleton(s => new GroupResources(
            groups, new GroupStream(s.GetRequiredService<DirectoryWriter>(), groups, s.GetRequiredService<CustodyRules>()), new ResourceQuery(database, ResourceTable.Groups(groups))));

        services.AddSingleton(s => new BulkResources(
            s.GetRequiredService<UserResources>(), s.GetRequiredService<GroupResources>(),
            new BulkStream(
                s.GetRequiredService<DirectoryWriter>(), s.GetRequiredService<UserResources>().Stream, s.GetRequiredService<GroupResources>().Stream)));

        services.AddSingleton<Failures>();
        services.AddIntegrity(builder.Configuration, users, groups);
        services.AddJobs();
        services.AddImports(users, groups);
        services.AddCustody(settings, users, groups);
        services.AddRoles();
        services.AddRateLimits(settings.Limits);
        builder.AddPages(settings);
        services.AddDirectoryHealth();
        services.AddWolverineHttp();
        services.AddApiDescription();
        builder.Host.UseWolverine(options =>
        {
            options.ApplicationAssembly = typeof(DirectoryHost).Assembly;
            options.Durability.Mode = DurabilityMode.MediatorOnly;
        });
        // A request goes on in the thread of the pool that received it; one that waits there holds up itself only.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = GroupResources.BodyLimit;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return builder;
    }

    public static WebApplication UseDirectory(this WebApplication app)
    {
        app.UseMiddleware<RequestId>();
        app.UseMiddleware<HeadRequests>();
        app.UseMiddleware<PageHeaders>();
        app.UseMiddleware<RequestRecording>();
        app.UseMiddleware<ErrorRendering>();
        app.UseMiddleware<AllowedMethods>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<ScimGating>();
        app.UsePages();
        app.MapDirectoryHealth();
        app.MapWolverineEndpoints();
        app.MapApiDescription();
        app.MapPages();
        return app;
    }

    /// <summary>Schema and first credentials; nothing is served before.</summary>
    /// <param name="app">The service.</param>
    /// <param name="hasOwnDatabase">Whether the service runs the database itself.</param>
    /// <param name="cancellation">Given up.</param>
    public static async Task Prepare(this WebApplication app, bool hasOwnDatabase, CancellationToken cancellation)
    {
        await DatabaseSchema.Apply(
            app.Services.GetRequiredService<IDocumentStore>(), app.Services.GetRequiredService<NpgsqlDataSource>(), cancellation);
        await app.Services.GetRequiredService<InstallationSecret>().Load(cancellation);
        await app.Services.GetRequiredService<Bootstrap>().Run(hasOwnDatabase, Console.Out, cancellation);
    }
}

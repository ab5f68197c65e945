using Directory.Projections.Jobs;
using Npgsql;

namespace Directory.Api.Jobs;

/// <summary>What long work is made of; each part that has some brings its <see cref="IJobKind"/>.</summary>
public static class JobRegistration
{
    public static IServiceCollection AddJobs(this IServiceCollection services) => services
        .AddSingleton<JobTable>()
        .AddSingleton(s => new JobLeases(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<TimeProvider>(), $"{Environment.MachineName}/{Guid.CreateVersion7()}"))
        .AddSingleton<JobSignal>()
        .AddSingleton<JobDesk>()
        .AddSingleton<IJobKind, RebuildJob>()
        .AddHostedService<JobService>();
}

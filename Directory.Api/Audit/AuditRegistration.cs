using Directory.Api.Hosting;
using Directory.Api.Jobs;
using Directory.Api.Requests;
using Directory.Projections.Activity;
using Directory.Projections.Audit;
using Directory.Projections.Reports;
using Directory.Projections.Requests;

namespace Directory.Api.Audit;

/// <summary>What the search of the audit, the log of requests and the reports are made of.</summary>
public static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<StableSequence>();
        services.AddSingleton<AuditQuery>();
        services.AddSingleton<SealedText>();
        services.AddSingleton<AuditCursor>();
        services.AddSingleton<AuditLists>();
        services.AddSingleton<ExportDesk>();
        services.AddSingleton<IJobKind, ExportJob>();
        services.AddSingleton<EntrySearch>();
        services.AddSingleton<EntryDetails>();
        services.AddSingleton<RequestJournal>();
        services.AddSingleton<RequestQuery>();
        services.AddSingleton<AccessQuery>();
        services.AddSingleton<ReportQuery>();
        services.AddSingleton<Reports>();
        services.AddHostedService<RequestJournalService>();
        services.AddSingleton<ActivityCount>();
        services.AddSingleton<ActivityQuery>();
        services.AddSingleton<AuditWatch>();
        services.AddSingleton<AuditWatchService>();
        services.AddHostedService(s => s.GetRequiredService<AuditWatchService>());
        services.AddHealthChecks().AddCheck<AuditWatchService>("audit", tags: [Health.Ready]);
        return services;
    }
}

using Directory.Projections.Jobs;

namespace Directory.Api.Jobs;

/// <summary>A job as it is told to a client. Shape: docs/jobs.md.</summary>
public static class JobJson
{
    public static object Of(Job job) => new
    {
        job.Id,
        job.Kind,
        job.State,
        job.Phase,
        job.Done,
        job.Total,
        job.CancelRequested,
        requestedBy = job.Origin.Actor.Name,
        job.Origin.RequestId,
        job.RequestedAt,
        job.StartedAt,
        job.EndedAt,
        job.Input,
        job.Result,
        job.Error,
    };
}

using Directory.Api.Admin;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Integrity;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Jobs;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Jobs;

/// <summary>Long work, for administrators. Shapes: docs/jobs.md.</summary>
public static class JobRoutes
{
    public const string Path = "/api/admin/jobs";

    /// <summary>Lists long work, newest first; kind, state and count choose.</summary>
    [WolverineGet(Path)]
    [Takes("jobKind", "jobState", "jobCount")]
    [Answers("JobList")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> List(HttpContext context, JobDesk jobs, CancellationToken cancellation)
    {
        var query = new QueryParameters(context.Request.Query, "kind", "state", "count");
        var found = await jobs.Newest(
            context.Tenant(), query.Text("kind"), query.OneOf("state", JobState.All), (int)(query.Number("count", 1) ?? JobDesk.DefaultCount), cancellation);
        return ReplayJson.Result(new { jobs = found.Select(JobJson.Of) });
    }

    /// <summary>Begins a verification of the history or a rebuild of projections, and answers with its job.</summary>
    [WolverinePost(Path)]
    [Reads("JobRequest")]
    [Answers("Job", StatusCodes.Status202Accepted)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Start(HttpContext context, JobDesk jobs, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, AdminBody.Limit, cancellation);
        AdminBody.DemandOnly(body.Json, "kind", "projection");
        var (kind, projection) = (AdminBody.Text(body.Json, "kind"), AdminBody.Text(body.Json, "projection"));
        var input = kind switch
        {
            VerifyJob.Kind when projection is null => [],
            RebuildJob.Kind => RebuildJob.Input(projection),
            _ => throw new ScimException(ScimError.InvalidValue(
                $"'kind' must be '{VerifyJob.Kind}', or '{RebuildJob.Kind}' with or without a 'projection'; other work is begun where it belongs.")),
        };
        return Accepted(context, await jobs.Start(kind, input, context.Origin(body.Hash), cancellation), Path);
    }

    /// <summary>Tells how a job stands: its state, how far it is, its result or why it has none; with wait it answers when the job is over.</summary>
    [WolverineGet(Path + "/{id}")]
    [Takes("wait")]
    [Answers("Job")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Get(string id, HttpContext context, JobDesk jobs, CancellationToken cancellation) =>
        ReplayJson.Result(JobJson.Of(await jobs.WhenOver(context.Tenant(), Id(id), Wait(context), cancellation)));

    /// <summary>Asks for the end of a job and answers with it; it may still run for a moment.</summary>
    [WolverinePost(Path + "/{id}/cancel")]
    [Answers("Job")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Cancel(string id, HttpContext context, JobDesk jobs, CancellationToken cancellation) =>
        ReplayJson.Result(JobJson.Of(await jobs.Cancel(context.Tenant(), Id(id), cancellation)));

    /// <summary>202 with the job and where to look for it.</summary>
    public static IResult Accepted(HttpContext context, Job job, string path)
    {
        context.Response.Headers.Location = $"{path}/{job.Id}";
        return Results.Json(JobJson.Of(job), ReplayJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>How long the request may wait for the end of the job.</summary>
    internal static TimeSpan Wait(HttpContext context) => TimeSpan.FromSeconds(
        Math.Min(new QueryParameters(context.Request.Query, "wait").Number("wait", 0) ?? 0, JobDesk.LongestWaitSeconds));

    internal static Guid Id(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.NotFound("job", text));
}

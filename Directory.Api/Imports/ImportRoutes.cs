using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Jobs;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Imports;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Imports;

/// <summary>Import of users and groups known before: upload, which is a dry run, then run. Shapes: docs/import.md.</summary>
public static class ImportRoutes
{
    private const string Path = "/api/admin/imports";

    /// <summary>Takes a file of users and groups, CSV or JSON or a form with one, and has it checked: the dry run. Nothing is imported yet.</summary>
    [WolverinePost(Path)]
    [Reads("ImportFile", "text/csv", "application/json", "application/x-ndjson", "multipart/form-data")]
    [Answers("ImportUploaded", StatusCodes.Status202Accepted)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Upload(HttpContext context, ImportDesk imports, CancellationToken cancellation)
    {
        var file = await ImportFile.Read(context.Request, cancellation);
        var (import, check) = await imports.Upload(context.Origin(file.Sha256), file, cancellation);
        context.Response.Headers.Location = $"{Path}/{import.Id}";
        return Results.Json(new { import = Json(import), job = JobJson.Of(check) }, ReplayJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>Lists the newest imports, newest first.</summary>
    [WolverineGet(Path)]
    [Answers("ImportList")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> List(HttpContext context, ImportDesk imports, CancellationToken cancellation) =>
        ReplayJson.Result(new { imports = (await imports.List(context.Tenant(), cancellation)).Select(Json) });

    /// <summary>Tells what the check of a file found, and whether it is imported.</summary>
    [WolverineGet(Path + "/{id}")]
    [Answers("Import")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Get(string id, HttpContext context, ImportDesk imports, CancellationToken cancellation) =>
        ReplayJson.Result(Json(await imports.Find(context.Tenant(), Id(id), cancellation)));

    /// <summary>Has a file checked again, since the directory may have changed, and answers with the job.</summary>
    [WolverinePost(Path + "/{id}/check")]
    [Answers("Job", StatusCodes.Status202Accepted)]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Check(string id, HttpContext context, ImportDesk imports, CancellationToken cancellation) =>
        JobRoutes.Accepted(context, await imports.CheckAgain(context.Origin(), Id(id), cancellation), JobRoutes.Path);

    /// <summary>Has a checked file imported, all of it or nothing, and answers with the job; 409 when the check found errors.</summary>
    [WolverinePost(Path + "/{id}/run")]
    [Answers("Job", StatusCodes.Status202Accepted)]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Run(string id, HttpContext context, ImportDesk imports, CancellationToken cancellation) =>
        JobRoutes.Accepted(context, await imports.Run(context.Origin(), Id(id), cancellation), JobRoutes.Path);

    /// <summary>Forgets a file that is not to be imported.</summary>
    [WolverineDelete(Path + "/{id}")]
    [Answers(status: StatusCodes.Status204NoContent)]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Discard(string id, HttpContext context, ImportDesk imports, CancellationToken cancellation)
    {
        await imports.Discard(context.Tenant(), Id(id), cancellation);
        return Results.NoContent();
    }

    private static object Json(Import import) => new
    {
        import.Id,
        import.FileName,
        import.Format,
        import.Sha256,
        import.Bytes,
        import.Records,
        ignoredColumns = import.Ignored,
        import.Withheld,
        import.UploadedAt,
        import.UploadedBy,
        import.CheckJob,
        import.RunJob,
        import.Report,
        import.CompletedAt,
    };

    private static Guid Id(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.NotFound("import", text));
}

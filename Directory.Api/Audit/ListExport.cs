using System.Text.Json.Nodes;
using Directory.Api.Requests;

namespace Directory.Api.Audit;

/// <summary>What an export is about, beside its rows.</summary>
/// <param name="Name">The name of the file, without its ending.</param>
/// <param name="StillAllowed">Asked now and then: whether whoever began the export may still have it.</param>
/// <param name="Checkpoint">The newest checkpoint, null if there is none.</param>
/// <param name="Time">When it began.</param>
public sealed record ExportFrame(
    string Name, string Tenant, string Query, DateTimeOffset Time, Func<CancellationToken, Task<bool>> StillAllowed,
    Func<CancellationToken, Task<JsonNode?>> Checkpoint);

/// <summary>An export as the answer to a request. What goes wrong on the way is said at its end, since the status has been sent long before.</summary>
public sealed class ListExport<T>(IAsyncEnumerable<T> rows, RowFormat<T> format, ListForm form, ExportFrame frame) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = form == ListForm.Csv ? $"{MediaTypes.Csv}; charset=utf-8; header=present" : MediaTypes.NdJson;
        response.Headers.ContentDisposition = $"attachment; filename=\"{frame.Name}.{(form == ListForm.Csv ? "csv" : "ndjson")}\"";
        response.Headers.CacheControl = "no-store";
        using var writer = new ExportWriter<T>(format, form, frame, async chunk => await response.BodyWriter.WriteAsync(chunk, context.RequestAborted));
        try
        {
            await writer.Write(rows, context.RequestAborted);
        }
        finally
        {
            context.Features.Set(new AccessCount(writer.Rows));
        }
    }
}

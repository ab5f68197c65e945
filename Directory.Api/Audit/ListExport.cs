using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Requests;
using Directory.Projections.Audit;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>What an export is about, beside its rows.</summary>
/// <param name="Name">The name of the file, without its ending.</param>
/// <param name="StillAllowed">Asked now and then: whether whoever began the export may still have it.</param>
/// <param name="Checkpoint">The newest checkpoint, null if there is none.</param>
/// <param name="Time">When it began.</param>
public sealed record ExportFrame(
    string Name, string Tenant, string Query, DateTimeOffset Time, Func<CancellationToken, Task<bool>> StillAllowed,
    Func<CancellationToken, Task<JsonNode?>> Checkpoint);

/// <summary>
/// Writes rows as they are read, in constant memory, as NDJSON or CSV, and a <see cref="ClosingRecord"/> at the end. What goes wrong
/// on the way is said there, since the status has been sent long before.
/// </summary>
public sealed class ListExport<T>(IAsyncEnumerable<T> rows, RowFormat<T> format, ListForm form, ExportFrame frame) : IResult
{
    private const int Chunk = 64 * 1024, AskEvery = 1_000;

    private readonly ArrayBufferWriter<byte> _chunk = new(Chunk + 8 * 1024);
    private readonly StringBuilder _line = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _rows;
    private long? _first, _last;

    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = form == ListForm.Csv ? $"{MediaTypes.Csv}; charset=utf-8; header=present" : MediaTypes.NdJson;
        response.Headers.ContentDisposition = $"attachment; filename=\"{frame.Name}.{(form == ListForm.Csv ? "csv" : "ndjson")}\"";
        response.Headers.CacheControl = "no-store";
        var reason = await WriteRows(context);
        await Send(context);
        context.Features.Set(new AccessCount(_rows));
        var closing = new ClosingRecord(
            reason is null, reason, _rows, _first, _last, Convert.ToHexStringLower(_hash.GetHashAndReset()),
            reason is null ? await frame.Checkpoint(context.RequestAborted) : null, frame.Tenant, frame.Query, frame.Time);
        Close(closing);
        await Send(context);
        _hash.Dispose();
    }

    /// <returns>Why it is not complete, null if it is.</returns>
    private async Task<string?> WriteRows(HttpContext context)
    {
        if (form == ListForm.Csv)
        {
            CsvLine.Header(_line, format.Columns.Select(c => c.Name));
            Flush(_line);
        }

        try
        {
            await foreach (var row in rows.WithCancellation(context.RequestAborted))
            {
                if (_rows % AskEvery == 0 && !await frame.StillAllowed(context.RequestAborted)) return "The token was revoked.";
                Write(row);
                if (_chunk.WrittenCount >= Chunk) await Send(context);
            }

            return null;
        }
        catch (NpgsqlException)
        {
            return "The database failed.";
        }
    }

    private void Write(T row)
    {
        if (form == ListForm.Csv)
        {
            CsvLine.Row(_line, format.Columns, row);
            Flush(_line);
        }
        else
        {
            using (var json = AuditJson.Writer(_chunk)) format.WriteJson(json, row);
            _chunk.Write("\n"u8);
        }

        _rows++;
        _last = format.Sequence(row);
        _first ??= _last;
    }

    private void Close(ClosingRecord closing)
    {
        if (form == ListForm.Csv)
        {
            // As many fields as any other record; the first cannot be mistaken for a row's.
            string[] fields = ["#closing", .. closing.ToJson().Select(p => $"{p.Key}={p.Value}")];
            var width = format.Columns.Count + 1;
            CsvLine.Write(_line, fields.Length <= width
                ? fields.Concat(Enumerable.Repeat("", width - fields.Length))
                : [.. fields[..(width - 1)], string.Join(' ', fields[(width - 1)..])]);
        }
        else
            _line.Append(new JsonObject { ["closing"] = closing.ToJson() }.ToJsonString(ReplayJson.Options)).Append('\n');
        Flush(_line);
    }

    private void Flush(StringBuilder line)
    {
        Encoding.UTF8.GetBytes(line.ToString(), _chunk);
        line.Clear();
    }

    private async Task Send(HttpContext context)
    {
        _hash.AppendData(_chunk.WrittenSpan);
        await context.Response.BodyWriter.WriteAsync(_chunk.WrittenMemory, context.RequestAborted);
        _chunk.ResetWrittenCount();
    }
}

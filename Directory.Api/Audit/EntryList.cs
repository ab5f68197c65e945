using System.Buffers;
using System.Text.Json;
using Directory.Api.Requests;
using Directory.Projections.Audit;

namespace Directory.Api.Audit;

/// <summary><c>{"entries":[…], …}</c></summary>
public sealed class EntryList(IReadOnlyList<StoredEntry> entries, Action<Utf8JsonWriter> more) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 * (entries.Count + 1));
        using (var json = AuditJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var entry in entries) AuditJson.Write(json, entry);
            json.WriteEndArray();
            more(json);
            json.WriteEndObject();
        }

        context.Features.Set(new AccessCount(entries.Count));
        context.Response.ContentType = $"{MediaTypes.Json}; charset=utf-8";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}

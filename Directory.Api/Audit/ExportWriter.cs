using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Projections.Audit;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>
/// Writes rows as they are read, in constant memory, as NDJSON or CSV, and a <see cref="ClosingRecord"/> at the end, which also says what
/// went wrong on the way.
/// </summary>
/// <param name="send">Takes the bytes of a chunk, which are others when it returns.</param>
public sealed class ExportWriter<T>(RowFormat<T> format, ListForm form, ExportFrame frame, Func<ReadOnlyMemory<byte>, Task> send) : IDisposable
{
    private const int Chunk = 64 * 1024, AskEvery = 1_000;

    private readonly ArrayBufferWriter<byte> _chunk = new(Chunk + 8 * 1024);
    private readonly StringBuilder _line = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _rows;
    private long? _first, _last;

    /// <summary>Rows written so far.</summary>
    public long Rows => _rows;

    /// <summary>Writes them all, and the record at the end.</summary>
    public async Task<ClosingRecord> Write(IAsyncEnumerable<T> rows, CancellationToken cancellation)
    {
        var reason = await WriteRows(rows, cancellation);
        await Send();
        var closing = new ClosingRecord(
            reason is null, reason, _rows, _first, _last, Convert.ToHexStringLower(_hash.GetHashAndReset()),
            reason is null ? await frame.Checkpoint(cancellation) : null, frame.Tenant, frame.Query, frame.Time);
        Close(closing);
        await Send();
        return closing;
    }

    public void Dispose() => _hash.Dispose();

    /// <returns>Why it is not complete, null if it is.</returns>
    private async Task<string?> WriteRows(IAsyncEnumerable<T> rows, CancellationToken cancellation)
    {
        if (form == ListForm.Csv)
        {
            CsvLine.Header(_line, format.Columns.Select(c => c.Name));
            Flush(_line);
        }

        try
        {
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                if (_rows % AskEvery == 0 && !await frame.StillAllowed(cancellation)) return "The token was revoked, or the session ended.";
                Write(row);
                if (_chunk.WrittenCount >= Chunk) await Send();
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

    private async Task Send()
    {
        _hash.AppendData(_chunk.WrittenSpan);
        await send(_chunk.WrittenMemory);
        _chunk.ResetWrittenCount();
    }
}

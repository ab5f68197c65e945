using System.Buffers;
using System.Globalization;
using System.Text;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Projections.Audit;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>
/// Hands out entries as they come, one line of NDJSON each, and after each batch a line <c>{"position":{"after":n}}</c> to go on from.
/// It ends when the client goes, the token is revoked, the database fails or the service stops; the last three it says in a line
/// <c>{"closing":{"complete":false,"reason":…}}</c>.
/// </summary>
public sealed class EntryFollower(AuditQuery audit, AuditFilter filter, long after, Func<CancellationToken, Task<bool>> stillAllowed) : IResult
{
    private const int Batch = 1_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private long _rows;

    public async Task ExecuteAsync(HttpContext context)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        context.Response.ContentType = MediaTypes.NdJson;
        context.Response.Headers.CacheControl = "no-store";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await context.Response.StartAsync(ending.Token);
            var reason = await Follow(context, ending.Token);
            await Close(context, reason);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await Close(context, "The service stops.");
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            context.Features.Set(new AccessCount(_rows));
        }
    }

    /// <returns>Why it ended.</returns>
    private async Task<string> Follow(HttpContext context, CancellationToken cancellation)
    {
        var (tenant, position) = (context.Tenant(), after);
        var buffer = new ArrayBufferWriter<byte>();
        while (await stillAllowed(cancellation))
        {
            try
            {
                var tail = await audit.Tail(tenant, filter, position, Batch, cancellation);
                if (tail.After > position)
                {
                    buffer.ResetWrittenCount();
                    foreach (var entry in tail.Entries) Write(buffer, entry);
                    Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"position\":{{\"after\":{tail.After}}}}}\n"), buffer);
                    await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, cancellation);
                    (position, _rows) = (tail.After, _rows + tail.Entries.Count);
                }

                if (tail.Entries.Count < Batch) await Task.Delay(Poll, cancellation);
            }
            catch (NpgsqlException)
            {
                return "The database failed.";
            }
        }

        return "The token was revoked.";
    }

    private static void Write(ArrayBufferWriter<byte> buffer, StoredEntry entry)
    {
        using (var json = AuditJson.Writer(buffer)) AuditJson.Write(json, entry);
        buffer.Write("\n"u8);
    }

    private static async Task Close(HttpContext context, string reason) =>
        await context.Response.WriteAsync($"{{\"closing\":{{\"complete\":false,\"reason\":\"{reason}\"}}}}\n", context.RequestAborted);
}

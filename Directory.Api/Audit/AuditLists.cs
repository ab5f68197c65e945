using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>What all lists of the audit share: how a page and an export are answered, and that it is counted what was handed out.</summary>
public sealed class AuditLists(AuditCursor cursors, TokenStore tokens, TimeProvider clock, NpgsqlDataSource database)
{
    public AuditCursor Cursors => cursors;

    public DateTimeOffset Now => clock.GetUtcNow();

    public static IResult Json(HttpContext context, object answer, long count)
    {
        context.Features.Set(new AccessCount(count));
        context.Response.Headers.CacheControl = "no-store";
        return ReplayJson.Result(answer);
    }

    public IResult Export<T>(HttpContext context, string name, IAsyncEnumerable<T> rows, RowFormat<T> format, ListForm form) =>
        new ListExport<T>(rows, format, form, Frame(context, name));

    public ExportFrame Frame(HttpContext context, string name)
    {
        var now = Now;
        return new ExportFrame(
            $"{name}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture)}", context.Tenant(),
            AccessQueryText.Of(context.Request), now, StillAllowed(context), Checkpoint);
    }

    /// <summary>Whether the token is still good; a session of an administrator ends by itself.</summary>
    public Func<CancellationToken, Task<bool>> StillAllowed(HttpContext context) =>
        context.Features.Get<TokenIdentity>() is { TokenId: var token } ? cancellation => tokens.IsValid(token, cancellation)
        : _ => Task.FromResult(true);

    /// <summary>The newest checkpoint, null if there is none.</summary>
    public async Task<JsonNode?> Checkpoint(CancellationToken cancellation) =>
        await SignedCheckpoint.Newest(database, cancellation) is { } newest ? JsonNode.Parse(newest.ToLine()) : null;
}

using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Api.Sessions;
using Directory.Projections.Administrators;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Directory.Projections.Requests;
using Npgsql;

namespace Directory.Api.Audit;

/// <summary>A page of a log.</summary>
/// <param name="NextCursor">Null on the last page.</param>
public sealed record LogPage<T>(IReadOnlyList<T> Rows, string? NextCursor);

/// <summary>What all lists of the audit share: how a page and an export are answered, and that it is counted what was handed out.</summary>
public sealed class AuditLists(AuditCursor cursors, TokenStore tokens, SessionStore sessions, TimeProvider clock, NpgsqlDataSource database)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public static IResult Json(HttpContext context, object answer, long count)
    {
        context.Features.Set(new AccessCount(count));
        context.Response.Headers.CacheControl = "no-store";
        return ReplayJson.Result(answer);
    }

    public IResult Export<T>(HttpContext context, string name, IAsyncEnumerable<T> rows, RowFormat<T> format, ListForm form) =>
        new ListExport<T>(rows, format, form, Frame(context, name));

    /// <summary>A page of a log, newest first; <c>count</c> and <c>cursor</c> say which.</summary>
    /// <exception cref="Domain.Scim.ScimException">400.</exception>
    public async Task<LogPage<T>> Page<T>(
        string tenant, QueryParameters given, object filter, Func<RecordPosition?, int, IAsyncEnumerable<T>> read, Func<T, RecordPosition> position,
        int usual, CancellationToken cancellation)
    {
        var count = (int)Math.Min(given.Number("count", 1) ?? usual, AuditParameters.MaximumCount);
        var before = given.Text("cursor") is { } cursor ? cursors.ReadPosition(cursor, tenant, filter) : (RecordPosition?)null;
        var rows = await read(before, count + 1).ToListAsync(cancellation);
        return rows.Count <= count
            ? new LogPage<T>(rows, null)
            : new LogPage<T>(rows[..count], cursors.Write(position(rows[count - 1]), tenant, filter));
    }

    public ExportFrame Frame(HttpContext context, string name)
    {
        var now = Now;
        return new ExportFrame(
            $"{name}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture)}", context.Tenant(),
            AccessQueryText.Of(context.Request), now, StillAllowed(context), Checkpoint);
    }

    /// <summary>Whether the token or the session is still good.</summary>
    public Func<CancellationToken, Task<bool>> StillAllowed(HttpContext context) =>
        context.SignedIn() is { } session ? cancellation => sessions.IsOpen(session.SessionHash, cancellation)
        : cancellation => tokens.IsValid(context.Identity().TokenId, cancellation);

    /// <summary>The newest checkpoint, null if there is none.</summary>
    public async Task<JsonNode?> Checkpoint(CancellationToken cancellation) =>
        await SignedCheckpoint.Newest(database, cancellation) is { } newest ? JsonNode.Parse(newest.ToLine()) : null;
}

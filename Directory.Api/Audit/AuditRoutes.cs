using System.Globalization;
using Directory.Api.Auth;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>The audit, for whoever holds an auditor's token: entries newest first, and what happened to one user or group.</summary>
public static class AuditRoutes
{
    private const int DefaultCount = 100, MaximumCount = 1000;

    /// <summary>
    /// <c>{"entries":[…],"nextCursor":"…"}</c>; parameters: since, until, target, targetName, targetType, actor, action, requestId,
    /// count, cursor.
    /// </summary>
    [WolverineGet("/api/audit/entries")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetEntries(HttpContext context, AuditQuery audit, AuditCursor cursors, CancellationToken cancellation)
    {
        var query = context.Request.Query;
        var filter = new AuditFilter
        {
            Since = Time(query, "since"),
            Until = Time(query, "until"),
            Target = Text(query, "target") is { } id ? Id(id) : null,
            TargetName = Text(query, "targetName"),
            TargetType = Text(query, "targetType"),
            Actor = Text(query, "actor"),
            Action = Text(query, "action"),
            RequestId = Text(query, "requestId"),
        };
        if (filter.Since > filter.Until) throw new ScimException(ScimError.InvalidValue("'since' is later than 'until'."));
        var count = Text(query, "count") is not { } text ? DefaultCount
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? Math.Min(n, MaximumCount)
            : throw new ScimException(ScimError.InvalidValue("'count' must be a whole number above 0."));
        var before = Text(query, "cursor") is { } cursor ? cursors.Read(cursor, context.Tenant(), filter) : (long?)null;

        var page = await audit.Search(context.Tenant(), filter, before, count, cancellation);
        var next = page.Before is { } seq ? $",\"nextCursor\":\"{cursors.Write(seq, context.Tenant(), filter)}\"" : "";
        return Results.Text($"{{\"entries\":[{string.Join(',', page.Entries)}]{next}}}", "application/json");
    }

    /// <summary><c>{"entries":[…]}</c>, oldest first; 404 for an id that never was one of a user.</summary>
    [WolverineGet("/api/audit/users/{id}/timeline")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetUserTimeline(string id, HttpContext context, AuditQuery audit, CancellationToken cancellation) =>
        Timeline("user", id, context, audit, cancellation);

    /// <summary><c>{"entries":[…]}</c>, oldest first; 404 for an id that never was one of a group.</summary>
    [WolverineGet("/api/audit/groups/{id}/timeline")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupTimeline(string id, HttpContext context, AuditQuery audit, CancellationToken cancellation) =>
        Timeline("group", id, context, audit, cancellation);

    private static async Task<IResult> Timeline(
        string type, string id, HttpContext context, AuditQuery audit, CancellationToken cancellation)
    {
        var entries = Guid.TryParseExact(id, "D", out var stream) ? await audit.Timeline(context.Tenant(), type, stream, cancellation) : [];
        if (entries.Count == 0) throw new ScimException(ScimError.NotFound(type, id));
        return Results.Text($"{{\"entries\":[{string.Join(',', entries)}]}}", "application/json");
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static Guid Id(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.InvalidValue("'target' must be an id."));

    private static DateTimeOffset? Time(IQueryCollection query, string name)
    {
        if (Text(query, name) is not { } text) return null;
        return text.Length >= 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ScimException(ScimError.InvalidValue($"'{name}' must be a time such as 2026-11-23T14:30:00Z."));
    }
}

using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>The audit, for whoever holds an auditor's token. Parameters and shapes: docs/audit-api.md.</summary>
public static class AuditRoutes
{
    /// <summary>
    /// Entries of the audit, one for each event, newest first; with <c>after</c> what came since, oldest first; as NDJSON or CSV everything
    /// that was found, oldest first, with a closing record.
    /// </summary>
    [WolverineGet("/api/audit/entries")]
    [Takes(
        "since", "until", "fromSequence", "toSequence", "actor", "connection", "token", "action", "eventType", "target", "targetType", "targetName",
        "externalId", "group", "member", "attribute", "outcome", "scimType", "requestId", "source", "text", "includeNoOps", "count", "cursor", "after",
        "follow")]
    [Answers("EntryList", Exports = true)]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetEntries(
        HttpContext context, AuditQuery audit, EntrySearch search, AuditLists lists, CancellationToken cancellation)
    {
        var asked = AuditParameters.Read(context.Request.Query);
        var form = context.Form();
        if (asked.Follow)
            return form == ListForm.NdJson
                ? new EntryFollower(audit, asked.Filter, asked.After!.Value, lists.StillAllowed(context))
                : throw QueryParameters.Refused($"'follow' needs Accept: {MediaTypes.NdJson}.");
        if (asked.After is not null && form != ListForm.Json)
            throw QueryParameters.Refused($"'after' is answered as {MediaTypes.Json}; with 'follow' as {MediaTypes.NdJson}.");
        if (asked.After is { } after) return await Tail(context, audit, asked, after, cancellation);
        if (form == ListForm.Json) return Page(await search.Page(context.Tenant(), asked, cancellation), asked);
        if (asked.Count is not null || asked.Cursor is not null)
            throw QueryParameters.Refused("An export has everything that is found; it takes neither 'count' nor 'cursor'.");
        return lists.Export(context, "audit", audit.All(context.Tenant(), asked.Filter, cancellation), EntryFormat.Format, form);
    }

    /// <summary>Everything that happened to a user, oldest first; 404 for an id that never was one of a user.</summary>
    [WolverineGet("/api/audit/users/{id}/timeline")]
    [Answers("Timeline")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetUserTimeline(string id, HttpContext context, AuditQuery audit, CancellationToken cancellation) =>
        Timeline(AuditAction.User, id, context, audit, cancellation);

    /// <summary>Everything that happened to a group, oldest first; 404 for an id that never was one of a group.</summary>
    [WolverineGet("/api/audit/groups/{id}/timeline")]
    [Answers("Timeline")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupTimeline(string id, HttpContext context, AuditQuery audit, CancellationToken cancellation) =>
        Timeline(AuditAction.Group, id, context, audit, cancellation);

    private static EntryList Page(EntryPage page, AuditParameters asked) => new(page.Entries, json =>
    {
        json.WriteNumber("upperSequence", page.Upper);
        if (page.NextCursor is { } next) json.WriteString("nextCursor", next);
        if (asked.Filter.AsksForRefusals) json.WriteString("see", "/api/audit/requests");
    });

    private static async Task<IResult> Tail(
        HttpContext context, AuditQuery audit, AuditParameters asked, long after, CancellationToken cancellation)
    {
        var tail = await audit.Tail(context.Tenant(), asked.Filter, after, asked.Count ?? AuditParameters.DefaultCount, cancellation);
        return new EntryList(tail.Entries, json =>
        {
            json.WriteNumber("after", tail.After);
            json.WriteNumber("settledSequence", tail.Settled);
        });
    }

    private static async Task<IResult> Timeline(
        string type, string id, HttpContext context, AuditQuery audit, CancellationToken cancellation)
    {
        var entries = Guid.TryParseExact(id, "D", out var stream) ? await audit.Timeline(context.Tenant(), type, stream, cancellation) : [];
        if (entries.Count == 0) throw new ScimException(ScimError.NotFound(type, id));
        return new EntryList(entries, _ => { });
    }
}

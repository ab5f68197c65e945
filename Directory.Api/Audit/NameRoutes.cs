using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>Finds users and groups by name, page by page; the deleted too.</summary>
public sealed class NameSearch(NameQuery names, SealedText cursors)
{
    private static readonly string[] Parameters = ["text", "state", "count", "cursor"];

    /// <param name="type">User or Group.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="query">text, state, count, cursor.</param>
    /// <param name="usual">Rows of a page, unless the query says otherwise.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <exception cref="Domain.Scim.ScimException">400.</exception>
    public async Task<LogPage<NamedResource>> Page(
        ResourceType type, string tenant, IQueryCollection query, int usual, CancellationToken cancellation)
    {
        var given = new QueryParameters(query, Parameters);
        var filter = new NameFilter(
            given.Text("text")?.Trim() is { Length: > 0 } text ? text : null,
            given.OneOf("state", type.Name == "User" ? [NameFilter.Active, NameFilter.Inactive, NameFilter.Deleted] : [NameFilter.Deleted]));
        var count = (int)Math.Min(given.Number("count", 1) ?? usual, AuditParameters.MaximumCount);
        var list = new { type = type.Name, filter };
        var after = given.Text("cursor") is { } cursor ? cursors.Read(cursor, tenant, list) : null;
        var found = await names.Find(type, tenant, filter, after, count + 1, cancellation);
        return found.Count <= count
            ? new LogPage<NamedResource>(found, null)
            : new LogPage<NamedResource>([.. found.Take(count)], cursors.Write(found[count - 1].Key, tenant, list));
    }
}

/// <summary>Users and groups by name, for an auditor.</summary>
public static class NameRoutes
{
    /// <summary>Users by userName, deleted ones with the last deleted first: who is there, who is active, and who manages them.</summary>
    [WolverineGet("/api/audit/users")]
    [Takes("name", "userState", "count", "cursor")]
    [Answers("NamedResources")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetUsers(HttpContext context, NameSearch names, Replay replay, CancellationToken cancellation) =>
        List(replay.Users, context, names, cancellation);

    /// <summary>Groups by displayName, deleted ones with the last deleted first.</summary>
    [WolverineGet("/api/audit/groups")]
    [Takes("name", "groupState", "count", "cursor")]
    [Answers("NamedResources")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroups(HttpContext context, NameSearch names, Replay replay, CancellationToken cancellation) =>
        List(replay.Groups, context, names, cancellation);

    private static async Task<IResult> List(ResourceType type, HttpContext context, NameSearch names, CancellationToken cancellation)
    {
        var page = await names.Page(type, context.Tenant(), context.Request.Query, AuditParameters.DefaultCount, cancellation);
        return AuditLists.Json(context, new { resources = page.Rows, nextCursor = page.NextCursor }, page.Rows.Count);
    }
}

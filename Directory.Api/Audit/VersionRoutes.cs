using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>
/// The steps of a history: the list of versions, and a user or group at one version or instant, folded from its events. Shapes:
/// docs/replay.md.
/// </summary>
public static class VersionRoutes
{
    /// <summary>The steps of a user's history, oldest first.</summary>
    [WolverineGet("/api/audit/users/{id}/versions")]
    [Takes("count", "cursor")]
    [Answers("VersionList")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetUserVersions(string id, HttpContext context, Replay replay, CancellationToken cancellation) =>
        List(replay.Users, id, context, replay, cancellation);

    /// <summary>The steps of a group's history, oldest first.</summary>
    [WolverineGet("/api/audit/groups/{id}/versions")]
    [Takes("count", "cursor")]
    [Answers("VersionList")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupVersions(string id, HttpContext context, Replay replay, CancellationToken cancellation) =>
        List(replay.Groups, id, context, replay, cancellation);

    /// <summary>The user at that stream version, with the request that led there.</summary>
    [WolverineGet("/api/audit/users/{id}/versions/{version}")]
    [Answers("PastUser")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetUserVersion(
        string id, string version, HttpContext context, Replay replay, CancellationToken cancellation) =>
        One(replay.Users, id, version, context, replay, cancellation);

    /// <summary>The group at that stream version, with the request that led there.</summary>
    [WolverineGet("/api/audit/groups/{id}/versions/{version}")]
    [Answers("PastGroup")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupVersion(
        string id, string version, HttpContext context, Replay replay, CancellationToken cancellation) =>
        One(replay.Groups, id, version, context, replay, cancellation);

    /// <summary>The user at an instant; 404 before it existed, 400 in the future.</summary>
    [WolverineGet("/api/audit/users/{id}/as-of")]
    [Takes("instant")]
    [Answers("PastUser")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetUserAsOf(string id, HttpContext context, Replay replay, CancellationToken cancellation) =>
        AsOf(replay.Users, id, context, replay, cancellation);

    /// <summary>The group at an instant; 404 before it existed, 400 in the future.</summary>
    [WolverineGet("/api/audit/groups/{id}/as-of")]
    [Takes("instant")]
    [Answers("PastGroup")]
    [Authorize(Roles.AuditPolicy)]
    public static Task<IResult> GetGroupAsOf(string id, HttpContext context, Replay replay, CancellationToken cancellation) =>
        AsOf(replay.Groups, id, context, replay, cancellation);

    private static async Task<IResult> List(
        ResourceType type, string text, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var (tenant, id, count) = (context.Tenant(), ReplayParameters.Id(type, text), context.Count());
        var after = replay.Cursors.Read(context, tenant)?.Mark ?? 0;
        if (await replay.Points.Last(type, tenant, id, cancellation) is null) throw new ScimException(ScimError.NotFound(type.Name, text));
        var lines = await replay.Entries.Versions(tenant, id, after, count + 1, cancellation);
        return ReplayJson.Result(new
        {
            versions = lines.Take(count).Select(line => new
            {
                version = line.Target.Version,
                line.Time,
                line.Action,
                line.Sentence,
                line.Changed,
                line.Actor,
                line.RequestId,
                entryId = line.Id,
                href = $"/api/audit{type.Endpoint.ToLowerInvariant()}/{id}/versions/{line.Target.Version}",
            }),
            nextCursor = lines.Count > count ? replay.Cursors.Write(context, tenant, new PagePosition(Guid.Empty, lines[count - 1].Target.Version)) : null,
        });
    }

    private static async Task<IResult> One(
        ResourceType type, string text, string version, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var (tenant, id) = (context.Tenant(), ReplayParameters.Id(type, text));
        var point = await replay.AtVersion(type, tenant, id, version, cancellation);
        return ReplayJson.Result(await replay.Show(type, tenant, id, point, asOf: false, cancellation));
    }

    private static async Task<IResult> AsOf(
        ResourceType type, string text, HttpContext context, Replay replay, CancellationToken cancellation)
    {
        var (tenant, id) = (context.Tenant(), ReplayParameters.Id(type, text));
        var at = context.Text("at") ?? throw new ScimException(ScimError.InvalidValue("'at' is missing: the instant that is asked for."));
        var point = await replay.AtInstant(type, tenant, id, "at", at, cancellation);
        return ReplayJson.Result(await replay.Show(type, tenant, id, point, asOf: true, cancellation));
    }
}

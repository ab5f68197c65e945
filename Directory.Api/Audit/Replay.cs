using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;

namespace Directory.Api.Audit;

/// <summary>A user or group at one place of its history.</summary>
/// <param name="Versions">How many versions there are by now.</param>
/// <param name="Groups">Of a user, direct and indirect.</param>
/// <param name="Members">How many direct members a group had.</param>
/// <param name="Step">The entry that led there.</param>
public sealed record PastPlace(
    StreamPoint Point, PastResource Resource, long Versions, IReadOnlyList<Membership> Groups, long Members, ReplayStep? Step);

/// <summary>What the routes of replay share: places in a history, and a resource as it was there.</summary>
public sealed class Replay(
    ResourceHistory history, StreamPoints points, ReplayEntries entries, MembershipHistory memberships, MembershipQuery members,
    PastNames names, PageCursor cursors, TimeProvider clock)
{
    public ResourceType Users => history.Users;
    public ResourceType Groups => history.Groups;
    public ResourceHistory History => history;
    public StreamPoints Points => points;
    public ReplayEntries Entries => entries;
    public MembershipHistory Memberships => memberships;
    public MembershipQuery Members => members;
    public PageCursor Cursors => cursors;
    public DateTimeOffset Now => ScimDateTime.Truncate(clock.GetUtcNow());

    /// <summary>The version of that number.</summary>
    /// <exception cref="ScimException">404.</exception>
    public async Task<StreamPoint> AtVersion(ResourceType type, string tenant, Guid id, string text, CancellationToken cancellation) =>
        ReplayParameters.Version(text) is { } version && await points.OfVersion(type, tenant, id, version, cancellation) is { } point
            ? point
            : throw new ScimException(new ScimError(404, null, $"There is no version '{text}' of a {type.Name} with the id '{id}'."));

    /// <exception cref="ScimException">400 in the future, 404 before it existed.</exception>
    public async Task<StreamPoint> AtInstant(
        ResourceType type, string tenant, Guid id, string name, string text, CancellationToken cancellation) =>
        await AsOf(type, tenant, id, ReplayParameters.Instant(name, text, Now), cancellation);

    /// <exception cref="ScimException">404 before it existed.</exception>
    public async Task<StreamPoint> AsOf(ResourceType type, string tenant, Guid id, DateTimeOffset instant, CancellationToken cancellation) =>
        await points.AsOf(type, tenant, id, instant, cancellation)
            ?? throw new ScimException(new ScimError(404, null, $"There was no {type.Name} with the id '{id}' at {ResourceWriter.Time(instant)}."));

    /// <summary>A version (<c>3</c>, <c>v3</c>; 0 for nothing yet) or an instant.</summary>
    /// <exception cref="ScimException">400, 404.</exception>
    public async Task<StreamPoint> At(ResourceType type, string tenant, Guid id, string name, string text, CancellationToken cancellation) =>
        ReplayParameters.Version(text) is not { } version ? await AtInstant(type, tenant, id, name, text, cancellation)
        : version == 0 && await points.Last(type, tenant, id, cancellation) is not null ? StreamPoint.Beginning
        : await AtVersion(type, tenant, id, text, cancellation);

    public async Task<string> Name(string tenant, Guid id, DateTimeOffset instant, CancellationToken cancellation) =>
        (await names.At(tenant, [id], instant, cancellation))[id];

    /// <summary>The resource there, with its groups or the number of its members, and the step that led there.</summary>
    /// <exception cref="ScimException">404.</exception>
    public async Task<PastPlace> Look(ResourceType type, string tenant, Guid id, StreamPoint point, CancellationToken cancellation)
    {
        var resource = await history.At(type, tenant, id, point.Version, cancellation)
            ?? throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
        var last = await points.Last(type, tenant, id, cancellation);
        return new PastPlace(
            point, resource, last!.Version,
            type == Users ? await memberships.GroupsOf(tenant, id, Period.At(point.Instant), cancellation) : [],
            type == Users ? 0 : await members.Count(tenant, id, point, cancellation),
            await entries.Step(tenant, point.EventId, cancellation));
    }

    /// <summary>What <see cref="Look"/> finds, as JSON with the ways on.</summary>
    /// <param name="type">User or Group.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="id">The resource.</param>
    /// <param name="point">The place.</param>
    /// <param name="asOf">Whether an instant was asked for.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<JsonObject> Show(
        ResourceType type, string tenant, Guid id, StreamPoint point, bool asOf, CancellationToken cancellation)
    {
        var (_, resource, versions, groups, count, found) = await Look(type, tenant, id, point, cancellation);
        var address = $"/api/audit{type.Endpoint.ToLowerInvariant()}/{id}";
        var answer = new JsonObject
        {
            ["type"] = type.Name,
            ["id"] = id.ToString(),
            ["version"] = point.Version,
            ["versions"] = versions,
            ["time"] = ResourceWriter.Time(point.Time),
        };
        if (asOf) answer["at"] = ResourceWriter.Time(point.Instant);
        answer["deleted"] = resource.IsDeleted;
        if (type == Users) answer["active"] = resource.IsActive;
        answer["resource"] = resource.Representation;
        if (type == Users)
            answer["groups"] = ReplayJson.Node(groups);
        else
            answer["members"] = new JsonObject
            {
                ["count"] = count,
                ["href"] = asOf ? $"{address}/members?at={ResourceWriter.Time(point.Instant)}" : $"{address}/members?version={point.Version}",
            };
        if (found is { } step)
        {
            answer["entry"] = JsonNode.Parse(step.EntryJson);
            answer["request"] = JsonNode.Parse(step.Request);
        }

        if (point.Version > 1) answer["previous"] = $"{address}/versions/{point.Version - 1}";
        if (point.Version < versions) answer["next"] = $"{address}/versions/{point.Version + 1}";
        return answer;
    }
}

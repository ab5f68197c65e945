using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;

namespace Directory.Api.Audit;

/// <summary>What differs between two places of a history.</summary>
/// <param name="Before">Null where it did not exist yet.</param>
/// <param name="After">Null where it did not exist yet.</param>
/// <param name="Entries">What happened in between, up to 1,000.</param>
/// <param name="Gained">The groups of a user.</param>
/// <param name="Lost">The groups of a user.</param>
public sealed record Difference(
    StreamPoint From, StreamPoint To, PastResource? Before, PastResource? After, IReadOnlyList<AttributeChange> Changes,
    IReadOnlyList<EntryLine> Entries, bool MoreEntries, IReadOnlyList<Membership> Gained, IReadOnlyList<Membership> Lost);

/// <summary>Members that came and went between two places of a group's history.</summary>
/// <param name="After">The last id of the page, null on the last page.</param>
public sealed record MemberDifference(long Added, long Removed, IReadOnlyList<MemberChange> Changes, Guid? After);

/// <summary>Compares two places of a history, in either order.</summary>
public sealed class Comparison(Replay replay)
{
    private const int MostEntries = 1_000;

    /// <param name="type">User or Group.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="id">The resource.</param>
    /// <param name="from">A version (<c>v3</c>, <c>3</c>; <c>0</c> for nothing yet) or an instant.</param>
    /// <param name="to">As <paramref name="from"/>; null for the present.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <exception cref="ScimException">400, 404.</exception>
    public async Task<(StreamPoint From, StreamPoint To)> Ends(
        ResourceType type, string tenant, Guid id, string from, string? to, CancellationToken cancellation)
    {
        var first = await replay.At(type, tenant, id, "from", from, cancellation);
        return (first, to is null
            ? await replay.AsOf(type, tenant, id, replay.Now, cancellation)
            : await replay.At(type, tenant, id, "to", to, cancellation));
    }

    public async Task<Difference> Between(
        ResourceType type, string tenant, Guid id, StreamPoint from, StreamPoint to, CancellationToken cancellation)
    {
        var before = await replay.History.At(type, tenant, id, from.Version, cancellation);
        var after = await replay.History.At(type, tenant, id, to.Version, cancellation);
        var (low, high) = from.Version <= to.Version ? (from, to) : (to, from);
        var lines = await replay.Entries.Between(tenant, id, low, high, MostEntries + 1, cancellation);
        var (had, has) = type == replay.Users
            ? (await GroupsAt(tenant, id, from, cancellation), await GroupsAt(tenant, id, to, cancellation))
            : ([], []);
        return new Difference(
            from, to, before, after, AttributeDiff.Between(type, before?.Attributes ?? [], after?.Attributes ?? []),
            [.. lines.Take(MostEntries)], lines.Count > MostEntries,
            [.. has.ExceptBy(had.Select(g => g.Id), g => g.Id)], [.. had.ExceptBy(has.Select(g => g.Id), g => g.Id)]);
    }

    /// <summary>A page of the members of a group that came or went.</summary>
    public async Task<MemberDifference> Members(
        string tenant, Guid group, StreamPoint from, StreamPoint to, Guid after, int count, CancellationToken cancellation)
    {
        var (added, removed) = await replay.Members.CountChanges(tenant, group, from, to, cancellation);
        var changes = await replay.Members.PageOfChanges(tenant, group, from, to, after, count + 1, cancellation);
        return new MemberDifference(added, removed, [.. changes.Take(count)], changes.Count > count ? changes[count - 1].Id : null);
    }

    private async Task<IReadOnlyList<Membership>> GroupsAt(string tenant, Guid user, StreamPoint point, CancellationToken cancellation) =>
        point.Version == 0 ? [] : await replay.Memberships.GroupsOf(tenant, user, Period.At(point.Instant), cancellation);
}

namespace Directory.Projections.Replay;

/// <summary>A group by what it is called at the moment that is looked at.</summary>
public sealed record NamedGroup(Guid Id, string Name);

/// <summary>One stretch of time in which someone belonged to a group.</summary>
/// <param name="To">Exclusive; null while it lasts.</param>
/// <param name="Direct">False for a membership through groups within the group.</param>
/// <param name="Through">The ways of an indirect one: the groups from the one the member was directly in outwards.</param>
/// <param name="Added">The entry of the event that began it.</param>
/// <param name="Removed">The entry of the event that ended it, null while it lasts.</param>
public sealed record MembershipInterval(
    DateTimeOffset From, DateTimeOffset? To, bool Direct, IReadOnlyList<IReadOnlyList<NamedGroup>>? Through, EntryLine? Added,
    EntryLine? Removed);

/// <summary>Someone or something with the stretches of time in which they belonged together.</summary>
/// <param name="Type"><c>User</c> or <c>Group</c>.</param>
/// <param name="Direct">Whether any of the stretches was a direct membership.</param>
public sealed record Membership(Guid Id, string Type, string Name, bool Direct, IReadOnlyList<MembershipInterval> Intervals);

/// <summary>A page of members.</summary>
/// <param name="Count">How many there are on all pages; told on the first.</param>
/// <param name="After">The last id of this page, null when it is the last page.</param>
public sealed record MembershipPage(long? Count, IReadOnlyList<Membership> Members, Guid? After);

/// <summary>Who belonged to which group and when, with the events that began and ended it.</summary>
public sealed class MembershipHistory(MembershipQuery query, PastNames names, ReplayEntries entries)
{
    /// <summary>The groups of a user or group in a period, direct and indirect, by name.</summary>
    public async Task<IReadOnlyList<Membership>> GroupsOf(string tenant, Guid id, Period period, CancellationToken cancellation)
    {
        var edges = await query.Outward(tenant, id, period, cancellation);
        var spans = MembershipReach.Of(id, edges, outward: true, period);
        var groups = await Tell(tenant, [.. spans.Keys.Select(g => new PastMember(g, "Group", ""))], spans, period, cancellation);
        return [.. groups.OrderBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Id)];
    }

    /// <param name="tenant">The directory.</param>
    /// <param name="group">The group.</param>
    /// <param name="period">Everyone who was a member at any moment of it.</param>
    /// <param name="nested">Whether members of groups within the group count.</param>
    /// <param name="after">The last id of the page before; empty for the first page.</param>
    /// <param name="count">Members at most.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<MembershipPage> MembersOf(
        string tenant, Guid group, Period period, bool nested, Guid after, int count, CancellationToken cancellation)
    {
        IReadOnlyList<MembershipEdge> inner = nested ? await query.GroupsWithin(tenant, group, period, cancellation) : [];
        var reach = Reach(group, inner, period);
        var page = await query.Page(tenant, reach, after, count + 1, cancellation);
        var shown = page.Take(count).ToList();
        var edges = await query.EdgesOf(tenant, reach, [.. shown.Select(m => m.Id)], cancellation);
        var spans = MembershipReach.Of(group, edges.Union(inner), outward: false, period);
        return new MembershipPage(
            after == Guid.Empty ? await query.Count(tenant, reach, cancellation) : null, await Tell(tenant, shown, spans, period, cancellation),
            page.Count > count ? shown[^1].Id : null);
    }

    /// <summary>The group itself for the whole period, and each group within it for as long as it belonged to it.</summary>
    private static List<(Guid, Period)> Reach(Guid group, IReadOnlyList<MembershipEdge> inner, Period period) =>
    [
        (group, period),
        .. MembershipReach.Of(group, inner, outward: false, period).SelectMany(
            g => g.Value, (g, span) => (g.Key, new Period(Later(span.From, period.From), Earlier(span.To ?? period.To, period.To)))),
    ];

    private async Task<IReadOnlyList<Membership>> Tell(
        string tenant, IReadOnlyList<PastMember> members, IReadOnlyDictionary<Guid, IReadOnlyList<MembershipSpan>> spans, Period period,
        CancellationToken cancellation)
    {
        var told = members.SelectMany(m => spans[m.Id]).ToList();
        var ids = members.Select(m => m.Id).Concat(told.SelectMany(s => s.Through.SelectMany(way => way)));
        var called = await names.At(tenant, ids, period.Last, cancellation);
        var lines = await entries.ById(told.Select(s => s.AddedBy).Concat(told.Select(s => s.RemovedBy).OfType<Guid>()), cancellation);
        return [.. members.Select(m => new Membership(
            m.Id, m.Type, called[m.Id], spans[m.Id].Any(s => s.IsDirect), [.. spans[m.Id].Select(Interval)]))];

        MembershipInterval Interval(MembershipSpan span) => new(
            span.From, span.To, span.IsDirect,
            span.IsDirect ? null : [.. span.Through.Select(way => (IReadOnlyList<NamedGroup>)[.. way.Select(g => new NamedGroup(g, called[g]))])],
            lines.GetValueOrDefault(span.AddedBy), span.RemovedBy is { } removed ? lines.GetValueOrDefault(removed) : null);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

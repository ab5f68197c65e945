using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Replay;

/// <summary>What a connection did to one user or group in a window, told as one.</summary>
/// <param name="Name">What it was called at the end of the window.</param>
/// <param name="Entries">How many entries of the audit that were, no-ops included.</param>
/// <param name="Actions">How often each action.</param>
/// <param name="Changes">The first before and the last after of each attribute that is not again as it was.</param>
/// <param name="MembersAdded">Who is a member through it, null for a user.</param>
/// <param name="MembersRemoved">Who is no longer one through it, null for a user.</param>
public sealed record TargetChanges(
    string Type, Guid Id, string Name, long Entries, DateTimeOffset First, DateTimeOffset Last, IReadOnlyDictionary<string, int> Actions,
    IReadOnlyList<AttributeChange> Changes, MemberList? MembersAdded, MemberList? MembersRemoved);

/// <summary>Members by their number and, of a long list, the first.</summary>
public sealed record MemberList(int Count, IReadOnlyList<PastMember> First)
{
    private const int Longest = 100;

    public static MemberList Of(IReadOnlyCollection<Member> members) =>
        new(members.Count, [.. members.Take(Longest).Select(m => new PastMember(m.Id, m.Type, m.Name))]);
}

/// <summary>A page of <see cref="TargetChanges"/>.</summary>
/// <param name="Targets">How many users and groups there are on all pages.</param>
/// <param name="Entries">How many entries of the audit on all pages.</param>
/// <param name="After">The last id of this page, null when it is the last page.</param>
public sealed record ConnectionChangesPage(long Targets, long Entries, IReadOnlyList<TargetChanges> Changes, Guid? After);

/// <summary>Everything that a connection changed in a window, summarised by user and group.</summary>
public sealed class ConnectionChanges(ConnectionEntries entries, PastNames names, ResourceType users, ResourceType groups)
{
    public async Task<ConnectionChangesPage> Page(
        string tenant, string connection, Period window, Guid after, int count, CancellationToken cancellation)
    {
        var (targets, total) = await entries.Count(tenant, connection, window, cancellation);
        var page = await entries.Targets(tenant, connection, window, after, count + 1, cancellation);
        var shown = page.Take(count).ToList();
        var ids = shown.Select(t => t.Id).ToArray();
        var done = await entries.Within(tenant, connection, window, ids, cancellation);
        var called = await names.At(tenant, ids, window.Last, cancellation);
        return new ConnectionChangesPage(
            targets, total, [.. shown.Select(t => Sum(t, called[t.Id], [.. done[t.Id]]))], page.Count > count ? shown[^1].Id : null);
    }

    private TargetChanges Sum(TouchedTarget target, string name, IReadOnlyList<ConnectionEntry> done)
    {
        var isGroup = target.Type == "group";
        var members = new MemberRuns();
        foreach (var entry in done) members.Continue(entry.Members, entry.Line.Action == "members.add");
        return new TargetChanges(
            target.Type, target.Id, name, target.Entries, done[0].Line.Time, done[^1].Line.Time,
            done.CountBy(e => e.Line.Action).ToDictionary(),
            ChangeRuns.NetOf(isGroup ? groups : users, done.SelectMany(e => e.Changes)),
            isGroup ? MemberList.Of([.. members.Added]) : null, isGroup ? MemberList.Of([.. members.Removed]) : null);
    }
}

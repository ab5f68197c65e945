using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Streams;

namespace Directory.Projections.Replay;

/// <summary>One undo on its way.</summary>
internal sealed class UndoRun(
    Origin origin, SentRequest request, Outcome outcome, MembershipQuery memberships, UserDecisions users, GroupDecisions groups)
{
    private readonly Dictionary<Guid, Undone> _undone = [];
    private readonly List<NotUndone> _left = [];
    private readonly HashSet<Guid> _refused = [];
    private readonly Dictionary<Guid, Member> _returned = [];
    private readonly Dictionary<Guid, List<PastMember>> _lost = []; // by group: who left it by a deletion that is taken back

    public UndoReport Report => new([.. _undone.Values], _left);

    public void Leave(IEnumerable<NotUndone> left) => _left.AddRange(left);

    public Task User(UndoPlan plan, CancellationToken cancellation) => Try(plan.Target, plan.Name, async () =>
    {
        if (plan.Deletion is null && plan.Changes.Count == 0) return;
        var command = new UndoUser(plan.Changes, plan.Deletion is not null, plan.FromVersion, request);
        var decision = await users.Decide(origin, plan.Target.Id, Precondition.None, command, outcome, cancellation);
        if (decision.Events is not [UserRestored restored]) return;
        var name = decision.After!.UserName;
        Done(plan.Target, name, decision.Before!.IsDeleted, restored.Changes, [], []);
        if (decision.Before.IsDeleted)
            await Returned(plan, new Member(plan.Target.Id, Member.User, name, decision.After.DisplayName), cancellation);
    });

    /// <summary>Brings a deleted group back before anyone is added to it or it is added to another.</summary>
    public Task Return(UndoPlan plan, CancellationToken cancellation) => Try(plan.Target, plan.Name, async () =>
    {
        if (plan.Deletion is null) return;
        var command = new UndoGroup(plan.Changes, true, [], [], plan.FromVersion, request);
        var decision = await groups.Decide(origin, plan.Target.Id, Precondition.None, command, outcome, cancellation);
        if (decision is not { Before.IsDeleted: true, Events: [GroupRestored restored] }) return;
        Done(plan.Target, decision.After!.DisplayName, true, restored.Changes, [], []);
        await Returned(plan, new Member(plan.Target.Id, Member.Group, decision.After.DisplayName), cancellation);
    });

    /// <summary>Attributes and members of the touched groups, and of those that only lost a member who is back.</summary>
    public async Task Groups(IReadOnlyList<UndoPlan> plans, CancellationToken cancellation)
    {
        foreach (var plan in plans.Where(p => !IsLeftWhole(p) && !_refused.Contains(p.Target.Id)))
        {
            var lost = _lost.GetValueOrDefault(plan.Target.Id, []).Where(m => !plan.Members.TryGetValue(m.Id, out var run) || run.WasMember);
            await Members(
                plan.Target, plan.Name, plan.Changes, plan.Deletion is not null, plan.FromVersion,
                [.. plan.Members.Values.Where(r => r is { WasMember: true, IsMember: false }).Select(r => Past(r.Member)).UnionBy(lost, m => m.Id)],
                [.. plan.Members.Values.Where(r => r is { WasMember: false, IsMember: true }).Select(r => r.Member.Id)], cancellation);
        }

        var planned = plans.Select(p => p.Target.Id).ToHashSet();
        foreach (var (group, members) in _lost.Where(l => !planned.Contains(l.Key)))
            await Members(new TouchedTarget("group", group, 0), "", [], false, 0, members, [], cancellation);
    }

    private Task Members(
        TouchedTarget target, string name, IReadOnlyList<AttributeChange> changes, bool undelete, long fromVersion,
        IReadOnlyList<PastMember> add, IReadOnlyList<Guid> remove, CancellationToken cancellation) => Try(target, name, async () =>
    {
        var command = new UndoGroup(changes, undelete, [.. add.Select(m => m.Id)], remove, fromVersion, request);
        var decision = await groups.Decide(origin, target.Id, Precondition.None, command, outcome, cancellation, _returned);
        var called = decision.After!.DisplayName;
        if (decision.Before!.IsDeleted && !undelete)
            _left.Add(new NotUndone(target.Type, target.Id, called, null, null, "deletedLater", "The group is deleted.", null));
        else
            _left.AddRange(add.Where(m => decision.LeftOut.Contains(m.Id)).Select(m => new NotUndone(
                target.Type, target.Id, called, null, m, "cannotBeMember", $"{m.Name} is gone, or contains the group by now.", null)));
        if (decision.Events.Count == 0) return;
        var restored = decision.Events.OfType<GroupRestored>().SelectMany(e => e.Changes).ToList();
        Done(target, called, decision.Before.IsDeleted, restored, [.. decision.Added.Select(Past)], [.. decision.Removed.Select(Past)]);
    });

    private async Task Returned(UndoPlan plan, Member member, CancellationToken cancellation)
    {
        _returned[member.Id] = member;
        foreach (var (group, lost) in await memberships.EndedBy(origin.TenantId, member.Id, plan.Deletion!.Id, cancellation))
        {
            if (!_lost.TryGetValue(group, out var members)) _lost[group] = members = [];
            members.Add(lost);
        }
    }

    private void Done(
        TouchedTarget target, string name, bool restored, IReadOnlyList<AttributeChange> changes, IReadOnlyList<PastMember> added,
        IReadOnlyList<PastMember> removed) =>
        _undone[target.Id] = _undone.TryGetValue(target.Id, out var earlier)
            ? earlier with { Changes = changes.Count > 0 ? changes : earlier.Changes, MembersAdded = added, MembersRemoved = removed }
            : new Undone(target.Type, target.Id, name, restored, changes, added, removed);

    private async Task Try(TouchedTarget target, string name, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ScimException refusal)
        {
            _refused.Add(target.Id);
            _left.Add(new NotUndone(
                target.Type, target.Id, name, null, null, refusal.Error.ScimType ?? "refused", refusal.Error.Detail, null));
        }
    }

    private static bool IsLeftWhole(UndoPlan plan) => plan.Left.Any(l => l.Reason is "createdInWindow" or "deletedLater");

    private static PastMember Past(Member member) => new(member.Id, member.Type, member.Name);
}

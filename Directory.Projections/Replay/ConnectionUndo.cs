using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Projections.Streams;

namespace Directory.Projections.Replay;

/// <summary>What was undone of one user or group, or would be.</summary>
/// <param name="Restored">Whether it came back from deletion.</param>
/// <param name="Changes">Of its attributes.</param>
public sealed record Undone(
    string Type, Guid Id, string Name, bool Restored, IReadOnlyList<AttributeChange> Changes, IReadOnlyList<PastMember> MembersAdded,
    IReadOnlyList<PastMember> MembersRemoved);

/// <summary>What an undo did, or would do, and what it left as it is and why.</summary>
public sealed record UndoReport(IReadOnlyList<Undone> Undone, IReadOnlyList<NotUndone> NotUndone);

/// <summary>
/// Undoes what a connection did in a window, by new events: first the users, then the groups, then who is in them, because a member
/// must exist before it can be added. Each user and group is a transaction of its own; what one refuses does not stop the others.
/// </summary>
public sealed class ConnectionUndo(
    ConnectionEntries entries, MembershipQuery memberships, UserDecisions users, GroupDecisions groups, ResourceHistory history)
{
    private const int Batch = 200;

    public async Task<UndoReport> Run(
        Origin origin, string connection, Period window, SentRequest request, Outcome outcome, CancellationToken cancellation)
    {
        var run = new UndoRun(origin, request, outcome, memberships, users, groups);
        var plans = new List<UndoPlan>();
        var after = Guid.Empty;
        while (true)
        {
            var targets = await entries.Targets(origin.TenantId, connection, window, after, Batch, cancellation);
            if (targets.Count == 0) break;
            after = targets[^1].Id;
            var since = await entries.Since(origin.TenantId, connection, window, [.. targets.Select(t => t.Id)], cancellation);
            foreach (var target in targets)
            {
                var plan = UndoPlan.Of(target.Type == "user" ? history.Users : history.Groups, target, since[target.Id]);
                run.Leave(plan.Left);
                if (target.Type == "user") await run.User(plan, cancellation);
                else plans.Add(plan);
            }
        }

        foreach (var plan in plans) await run.Return(plan, cancellation);
        await run.Groups(plans, cancellation);
        return run.Report;
    }
}

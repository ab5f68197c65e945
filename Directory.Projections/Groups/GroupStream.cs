using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Adoption;
using Directory.Projections.Streams;
using JasperFx.Events;

namespace Directory.Projections.Groups;

/// <summary>The write side of groups: load the group and the members that the command asks of, decide, append.</summary>
public sealed class GroupStream(DirectoryWriter writer, ResourceType type, CustodyRules custody)
{
    /// <returns>The group as stored.</returns>
    /// <exception cref="ScimException">409 uniqueness when the displayName is taken, 400 invalidValue for an unknown member.</exception>
    public Task<Group> Create(Origin origin, Guid id, CreateGroup command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var stream = await Append(transaction, id, command, cancellation);
            await Commit(transaction, Events(stream), cancellation);
            return transaction.Folded.Get<Group>(transaction.Tenant, id)!;
        }, cancellation);

    /// <returns>The group after the change; a deleted one says so.</returns>
    /// <exception cref="ScimException">404, 412, 409 uniqueness, or what the decision refuses.</exception>
    public Task<Group> Change(
        Origin origin, Guid id, Precondition precondition, GroupCommand command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var stream = await Append(transaction, id, precondition, command, cancellation);
            await Commit(transaction, Events(stream), cancellation);
            return transaction.Folded.Get<Group>(transaction.Tenant, id)!;
        }, cancellation);

    /// <summary>Decides on a creation; its events wait for the commit.</summary>
    internal async Task<StreamAction> Append(
        WriteTransaction transaction, Guid id, CreateGroup command, CancellationToken cancellation)
    {
        var question = MembershipQuestions.Of(command);
        var facts = question.IsEmpty
            ? MembershipFacts.None
            : (await GroupLoader.Load(transaction, id, question, cancellation)).Facts;
        return transaction.Session.Events.StartStream(id, GroupDecider.Decide(type, null, command, facts));
    }

    /// <summary>Locks the group and decides on a change; its events wait for the commit.</summary>
    internal async Task<StreamAction> Append(
        WriteTransaction transaction, Guid id, Precondition precondition, GroupCommand command, CancellationToken cancellation)
    {
        var (group, facts) = await GroupLoader.Load(transaction, id, MembershipQuestions.Of(command), cancellation);
        if (group is null) throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
        precondition.Demand(group.Meta.ETag);
        var events = await custody.Decide(transaction, type, group, command, facts, cancellation);
        transaction.Folded.Set(transaction.Tenant, id, group);
        return transaction.Session.Events.Append(id, group.Meta.StreamVersion + events.Count, events);
    }

    /// <summary>Whether the failure says that a displayName is taken.</summary>
    internal static bool NameIsTaken(Exception e) => e.Violates("scim_group_name_unique");

    internal static async Task Commit(WriteTransaction transaction, IReadOnlyList<IGroupEvent> events, CancellationToken cancellation)
    {
        try
        {
            await transaction.Commit(cancellation);
        }
        catch (Exception e) when (NameIsTaken(e))
        {
            throw new ScimException(TakenBy(events));
        }
    }

    internal static IReadOnlyList<IGroupEvent> Events(StreamAction stream) => [.. stream.Events.Select(e => (IGroupEvent)e.Data)];

    internal static ScimError TakenBy(IReadOnlyList<IGroupEvent> events)
    {
        foreach (var e in events)
        {
            var changes = e switch { GroupReplaced r => r.Changes, GroupPatched p => p.Changes, GroupRestored r => r.Changes, _ => [] };
            if (changes.FirstOrDefault(c => c.Path == "displayName") is { After: { } name })
                return ScimError.Uniqueness("displayName", name.ToString());
        }

        return ScimError.Uniqueness("displayName", events[0].Subject.Name);
    }
}

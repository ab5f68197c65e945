using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Groups;

/// <summary>The write side of groups: load the group and the members that the command asks of, decide, append.</summary>
public sealed class GroupStream(DirectoryWriter writer, ResourceType type)
{
    /// <returns>The group as stored.</returns>
    /// <exception cref="ScimException">409 uniqueness when the displayName is taken, 400 invalidValue for an unknown member.</exception>
    public Task<Group> Create(Origin origin, Guid id, CreateGroup command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var question = MembershipQuestions.Of(command);
            var facts = question.IsEmpty
                ? MembershipFacts.None
                : (await GroupLoader.Load(transaction, id, question, cancellation)).Facts;
            var events = GroupDecider.Decide(type, null, command, facts);
            transaction.Session.Events.StartStream(id, events);
            await Commit(transaction, events, cancellation);
            return transaction.Folded.Get<Group>(transaction.Tenant, id)!;
        }, cancellation);

    /// <returns>The group after the change; a deleted one says so.</returns>
    /// <exception cref="ScimException">404, 412, 409 uniqueness, or what the decision refuses.</exception>
    public Task<Group> Change(
        Origin origin, Guid id, Precondition precondition, GroupCommand command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var (group, facts) = await GroupLoader.Load(transaction, id, MembershipQuestions.Of(command), cancellation);
            if (group is null) throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
            precondition.Demand(group.Meta.ETag);
            var events = GroupDecider.Decide(type, group, command, facts);
            transaction.Folded.Set(transaction.Tenant, id, group);
            transaction.Session.Events.Append(id, group.Meta.StreamVersion + events.Count, events);
            await Commit(transaction, events, cancellation);
            return transaction.Folded.Get<Group>(transaction.Tenant, id)!;
        }, cancellation);

    internal static async Task Commit(WriteTransaction transaction, IReadOnlyList<IGroupEvent> events, CancellationToken cancellation)
    {
        try
        {
            await transaction.Commit(cancellation);
        }
        catch (Exception e) when (e.Violates("scim_group_name_unique"))
        {
            throw new ScimException(ScimError.Uniqueness("displayName", NewName(events)));
        }
    }

    private static string NewName(IReadOnlyList<IGroupEvent> events)
    {
        foreach (var e in events)
        {
            var changes = e switch { GroupReplaced r => r.Changes, GroupPatched p => p.Changes, GroupRestored r => r.Changes, _ => [] };
            if (changes.FirstOrDefault(c => c.Path == "displayName") is { After: { } name }) return name.ToString();
        }

        return events[0].Subject.Name;
    }
}

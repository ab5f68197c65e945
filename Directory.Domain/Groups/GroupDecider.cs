using System.Text.Json.Nodes;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Groups;

/// <summary>
/// Which events a command causes. Pure: what must be known of members comes as <see cref="MembershipFacts"/>, which
/// <see cref="MembershipQuestions"/> asks for. Members that are in already or out already are no fault (RFC 7644 §3.5.2.1: no
/// duplicates), since identity providers repeat their requests.
/// </summary>
public static class GroupDecider
{
    /// <summary>The attribute of the schema that lives in rows and not in the document.</summary>
    public static readonly IReadOnlySet<string> Apart = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "members" };

    public static IReadOnlyList<IGroupEvent> Decide(ResourceType type, Group? group, GroupCommand command, MembershipFacts facts) =>
        (group, command) switch
        {
            (null, CreateGroup c) => Create(c, facts),
            (null, _) => throw new InvalidOperationException("Only a creation has no state before it."),
            ({ } g, ReplaceGroup c) => Replace(type, g, c, facts),
            ({ } g, PatchGroup c) => Patch(type, g, c, facts),
            ({ } g, RestoreGroup c) => Restore(type, g, c, facts),
            ({ } g, UndoGroup c) => Undo(type, g, c, facts),
            ({ IsDeleted: true }, _) => throw new InvalidOperationException("A deleted group can be restored and nothing else."),
            ({ } g, DeleteGroup c) => [new GroupDeleted(g.Subject, c.Request)],
            ({ } g, ExtendLocalGroup c) => Extend(g, c, facts),
            ({ } g, DeleteLocalGroup or ReleaseGroup or AnswerGroupAdoption) => GroupCustody.Decide(g, command),
            _ => throw new InvalidOperationException($"A group that exists cannot take {command.GetType().Name}."),
        };

    private static List<IGroupEvent> Create(CreateGroup command, MembershipFacts facts)
    {
        var subject = new Subject((string)command.Attributes["displayName"]!, (string?)command.Attributes["externalId"]);
        var members = new MembershipChange(facts);
        members.Add(command.Members);
        List<IGroupEvent> events = [new GroupCreated(subject, command.Attributes, command.Request)];
        return Append(events, subject, members, command.Request);
    }

    private static List<IGroupEvent> Replace(ResourceType type, Group group, ReplaceGroup command, MembershipFacts facts)
    {
        var changes = AttributeDiff.Between(
            type, group.Attributes, ImmutableAttributes.Keep(type, group.Attributes, command.Attributes));
        var members = new MembershipChange(facts);
        members.Replace(command.Members);
        List<IGroupEvent> events = [];
        if (changes.Count > 0 || members.IsEmpty) events.Add(new GroupReplaced(group.Subject, changes, command.Request));
        return Append(events, group.Subject, members, command.Request);
    }

    private static List<IGroupEvent> Patch(ResourceType type, Group group, PatchGroup command, MembershipFacts facts)
    {
        var result = Scim.Patching.Patch.Apply(type, group.Attributes, command.Operations, Apart);
        var changes = AttributeDiff.Between(type, group.Attributes, result.Attributes);
        var members = new MembershipChange(facts);
        foreach (var operation in result.Apart) members.Apply(operation);
        List<IGroupEvent> events = [];
        if (changes.Count > 0 || members.IsEmpty) events.Add(new GroupPatched(group.Subject, changes, command.Request));
        return Append(events, group.Subject, members, command.Request);
    }

    private static List<IGroupEvent> Extend(Group group, ExtendLocalGroup command, MembershipFacts facts)
    {
        Custody.DemandLocal(Member.Group, group.ManagedBy);
        var members = new MembershipChange(facts);
        members.Add(command.Members.Select(id => id.ToString()));
        return Append([], group.Subject, members, command.Request);
    }

    private static List<IGroupEvent> Restore(ResourceType type, Group group, RestoreGroup command, MembershipFacts facts)
    {
        var members = new MembershipChange(facts);
        if (command.Members is { } wanted) members.Replace(wanted);
        return Restored(type, group, command.Attributes, members, command.FromVersion, command.Request);
    }

    private static List<IGroupEvent> Undo(ResourceType type, Group group, UndoGroup command, MembershipFacts facts)
    {
        if (group.IsDeleted && !command.Undelete) return [];
        var members = new MembershipChange(facts);
        members.Remove(command.Remove);
        members.Add(command.Add);
        var wanted = Reversal.Apply(type, group.Attributes, command.Changes);
        return Restored(type, group, wanted, members, command.FromVersion, command.Request);
    }

    /// <summary>What is as wanted already gets no event.</summary>
    private static List<IGroupEvent> Restored(
        ResourceType type, Group group, JsonObject wanted, MembershipChange members, long fromVersion, SentRequest request)
    {
        var changes = AttributeDiff.Between(type, group.Attributes, wanted);
        List<IGroupEvent> events = [];
        if (changes.Count > 0 || group.IsDeleted) events.Add(new GroupRestored(group.Subject, fromVersion, changes, request));
        return Append(events, group.Subject, members, request);
    }

    private static List<IGroupEvent> Append(List<IGroupEvent> events, Subject subject, MembershipChange members, SentRequest request)
    {
        if (members.Removed is { Count: > 0 } removed)
            events.Add(new GroupMembersRemoved(subject, removed, events.Count == 0 ? request : null));
        if (members.Added is { Count: > 0 } added)
            events.Add(new GroupMembersAdded(subject, added, events.Count == 0 ? request : null));
        return events;
    }
}

using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Groups;

/// <summary>Decisions about local groups and about who manages a group.</summary>
public static class GroupCustody
{
    /// <summary>What a connection's first change of a local group causes: the taking over, and then what was asked for.</summary>
    /// <returns>The events; or why an administrator must be asked first, and no events.</returns>
    /// <exception cref="ScimException">403 for a deletion; or what the decision refuses.</exception>
    public static (IReadOnlyList<IGroupEvent> Events, string? Obstacle) TakeOver(
        ResourceType type, Group group, GroupCommand command, MembershipFacts facts, string connection, AdoptionTerms terms)
    {
        if (command is not (ReplaceGroup or PatchGroup)) throw new ScimException(ScimError.NotTakenOver(Member.Group));
        var events = GroupDecider.Decide(type, group, command, facts);
        var (after, version) = (group, group.Meta.StreamVersion);
        foreach (var e in events) after = Group.Evolve(type, after, group.Id, e, new EventStamp(++version, group.Meta.LastModified));
        return Custody.Obstacle(terms, group.Subject, after.Subject) is { } obstacle
            ? ([], obstacle)
            : ([new GroupAdopted(group.Subject, connection, null), .. events], null);
    }

    /// <summary>What an administrator's command causes.</summary>
    /// <exception cref="ScimException">409 when a connection manages the group, or none does and it was to be released.</exception>
    internal static IReadOnlyList<IGroupEvent> Decide(Group group, GroupCommand command)
    {
        if (command is ReleaseGroup)
            return [new GroupReleased(group.Subject, group.ManagedBy ?? throw new ScimException(ScimError.NotManaged(Member.Group)), command.Request)];
        Custody.DemandLocal(Member.Group, group.ManagedBy);
        return command switch
        {
            DeleteLocalGroup => [new GroupDeleted(group.Subject, command.Request)],
            AnswerGroupAdoption { Consent: true } c => [new GroupAdoptionConsented(group.Subject, c.ConnectionId, command.Request)],
            AnswerGroupAdoption c => [new GroupAdoptionDeclined(group.Subject, c.ConnectionId, command.Request)],
            _ => throw new InvalidOperationException($"{command.GetType().Name} is not about who manages a group."),
        };
    }
}

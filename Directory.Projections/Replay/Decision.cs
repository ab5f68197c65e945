using Directory.Domain.Groups;
using Directory.Domain.Users;

namespace Directory.Projections.Replay;

/// <summary>What a command leads to, whether it was appended or only asked about.</summary>
/// <param name="Before">The state it was decided on, null for a creation.</param>
/// <param name="Events">Empty when everything is as wanted already.</param>
/// <param name="After">The state after the events.</param>
public sealed record UserDecision(User? Before, IReadOnlyList<IUserEvent> Events, User? After);

/// <inheritdoc cref="UserDecision"/>
/// <param name="LeftOut">Who was to be a member again and cannot be: gone, or a group that contains this one by now.</param>
public sealed record GroupDecision(Group? Before, IReadOnlyList<IGroupEvent> Events, Group? After, IReadOnlyList<Guid> LeftOut)
{
    public IEnumerable<Member> Added => Events.OfType<GroupMembersAdded>().SelectMany(e => e.Members);

    public IEnumerable<Member> Removed => Events.OfType<GroupMembersRemoved>().SelectMany(e => e.Members);
}

/// <summary>Whether the events of a decision are kept.</summary>
public enum Outcome
{
    /// <summary>They are appended.</summary>
    Append,

    /// <summary>Nothing is changed: the decision is told with the refusals that appending would meet.</summary>
    Preview,
}

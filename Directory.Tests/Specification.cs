using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Shouldly;

namespace Directory.Tests;

/// <summary>Given these events of a user, when this is asked, then these events follow, or a refusal.</summary>
public sealed class UserSpecification(params IUserEvent[] given)
{
    private static readonly Guid Id = Guid.Parse("0198a000-0000-7000-8000-000000000001");

    public User? State { get; } = Fold(null, given);

    public IReadOnlyList<IUserEvent> When(UserCommand command) => UserDecider.Decide(ResourceTypes.User, State, command);

    public ScimError Refuses(UserCommand command) => Should.Throw<ScimException>(() => When(command)).Error;

    /// <summary>The specification of what comes after the command.</summary>
    public UserSpecification After(UserCommand command) => new([.. given, .. When(command)]);

    private static User? Fold(User? user, IEnumerable<IUserEvent> events)
    {
        var version = 0;
        foreach (var e in events)
            user = User.Evolve(ResourceTypes.User, user, Id, e, new EventStamp(++version, DateTimeOffset.UnixEpoch.AddMinutes(version)));
        return user;
    }
}

/// <summary>Given these events of a group and what is known of its members, when this is asked, then these events follow, or a refusal.</summary>
public sealed class GroupSpecification(MembershipFacts facts, params IGroupEvent[] given)
{
    private static readonly Guid Id = Guid.Parse("0198a000-0000-7000-8000-000000000002");

    public Group? State { get; } = Fold(given);

    public IReadOnlyList<IGroupEvent> When(GroupCommand command) => GroupDecider.Decide(ResourceTypes.Group, State, command, facts);

    public ScimError Refuses(GroupCommand command) => Should.Throw<ScimException>(() => When(command)).Error;

    private static Group? Fold(IEnumerable<IGroupEvent> events)
    {
        Group? group = null;
        var version = 0;
        foreach (var e in events)
            group = Group.Evolve(ResourceTypes.Group, group, Id, e, new EventStamp(++version, DateTimeOffset.UnixEpoch.AddMinutes(version)));
        return group;
    }
}

/// <summary>Given these events of a directory's provisioning, when this is asked, then these events follow, or a refusal.</summary>
public sealed class ProvisioningSpecification(params IProvisioningEvent[] given)
{
    public ProvisioningState State { get; } = given.Aggregate(ProvisioningState.Initial, (state, e) => state.Evolve(e));

    public IReadOnlyList<IProvisioningEvent> When(ProvisioningCommand command) => ProvisioningDecider.Decide(State, command);

    public ScimError Refuses(ProvisioningCommand command) => Should.Throw<ScimException>(() => When(command)).Error;

    /// <summary>The specification of what comes after the command.</summary>
    public ProvisioningSpecification After(ProvisioningCommand command) => new([.. given, .. When(command)]);
}

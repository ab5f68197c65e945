using System.Text.Json.Nodes;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Users;

/// <summary>Decisions about local users and about who manages a user.</summary>
public static class UserCustody
{
    private const string Type = "User";

    /// <summary>What a connection's first change of a local user causes: the taking over, and then what was asked for.</summary>
    /// <returns>The events; or why an administrator must be asked first, and no events.</returns>
    /// <exception cref="ScimException">403 for a deletion; or what the decision refuses.</exception>
    public static (IReadOnlyList<IUserEvent> Events, string? Obstacle) TakeOver(
        ResourceType type, User user, UserCommand command, string connection, AdoptionTerms terms)
    {
        if (command is not (ReplaceUser or PatchUser)) throw new ScimException(ScimError.NotTakenOver(Type));
        var events = UserDecider.Decide(type, user, command);
        var (after, version) = (user, user.Meta.StreamVersion);
        foreach (var e in events) after = User.Evolve(type, after, user.Id, e, new EventStamp(++version, user.Meta.LastModified));
        return Custody.Obstacle(terms, user.Subject, after.Subject) is { } obstacle
            ? ([], obstacle)
            : ([new UserAdopted(user.Subject, connection, null), .. events], null);
    }

    /// <summary>What an administrator's command causes; nothing where everything is so already.</summary>
    /// <exception cref="ScimException">409 when a connection manages the user, or none does and it was to be released.</exception>
    internal static IReadOnlyList<IUserEvent> Decide(User user, UserCommand command)
    {
        if (command is ReleaseUser)
            return [new UserReleased(user.Subject, user.ManagedBy ?? throw new ScimException(ScimError.NotManaged(Type)), command.Request)];
        Custody.DemandLocal(Type, user.ManagedBy);
        return command switch
        {
            SwitchLocalUser c when c.Active == user.IsActive => [],
            SwitchLocalUser { Active: true } => [new UserReactivated(user.Subject, [Switched(user, true)], command.Request)],
            SwitchLocalUser => [new UserDeactivated(user.Subject, [Switched(user, false)], command.Request)],
            DeleteLocalUser => [new UserDeleted(user.Subject, command.Request)],
            AnswerUserAdoption { Consent: true } c => [new UserAdoptionConsented(user.Subject, c.ConnectionId, command.Request)],
            AnswerUserAdoption c => [new UserAdoptionDeclined(user.Subject, c.ConnectionId, command.Request)],
            _ => throw new InvalidOperationException($"{command.GetType().Name} is not about who manages a user."),
        };
    }

    private static AttributeChange Switched(User user, bool active) =>
        AttributeChange.Of("active", user.Attributes["active"], JsonValue.Create(active));
}

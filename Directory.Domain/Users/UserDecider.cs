using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Users;

/// <summary>
/// Which events a command causes. Pure: no clock, no query, no HTTP. A refusal is a <see cref="ScimException"/>; a command that
/// asks for what already is so is accepted and changes nothing.
/// </summary>
public static class UserDecider
{
    /// <param name="type">The resource type with its extensions.</param>
    /// <param name="user">The state, null if the stream has no event; a deleted user is null to a client.</param>
    /// <param name="command">What is asked.</param>
    public static IReadOnlyList<IUserEvent> Decide(ResourceType type, User? user, UserCommand command) => (user, command) switch
    {
        (null, CreateUser c) => [Create(c)],
        (null, _) => throw new InvalidOperationException("Only a creation has no state before it."),
        ({ } u, ReplaceUser c) => Replace(type, u, c),
        ({ } u, PatchUser c) => Patch(type, u, c),
        ({ } u, RestoreUser c) => Restore(type, u, c.Attributes, c.FromVersion, true, c.Request),
        ({ } u, UndoUser c) => Restore(
            type, u, Reversal.Apply(type, u.Attributes, c.Changes), c.FromVersion, c.Undelete, c.Request),
        ({ IsDeleted: true }, _) => throw new InvalidOperationException("A deleted user can be restored and nothing else."),
        ({ } u, DeleteUser c) => [new UserDeleted(u.Subject, c.Request)],
        ({ } u, SwitchLocalUser or DeleteLocalUser or ReleaseUser or AnswerUserAdoption) => UserCustody.Decide(u, command),
        _ => throw new InvalidOperationException($"A user that exists cannot take {command.GetType().Name}."),
    };

    private static UserCreated Create(CreateUser command)
    {
        var attributes = (JsonObject)command.Attributes.DeepClone();
        attributes.TryAdd("active", true);
        var subject = new Subject((string)attributes["userName"]!, (string?)attributes["externalId"]);
        return new UserCreated(subject, attributes, command.Request);
    }

    private static List<IUserEvent> Replace(ResourceType type, User user, ReplaceUser command)
    {
        var wanted = ImmutableAttributes.Keep(type, user.Attributes, command.Attributes);
        if (!wanted.ContainsKey("active"))
        {
            // A PUT clears what it omits, and active alone stays: a client that does not know the attribute must neither switch a
            // person off nor, worse, let a leaver in again. See docs/decisions/0004-put-and-omitted-attributes.md.
            wanted = (JsonObject)wanted.DeepClone();
            wanted["active"] = user.IsActive;
        }

        var changes = AttributeDiff.Between(type, user.Attributes, wanted);
        return Events(user, changes, command.Request, rest => new UserReplaced(user.Subject, rest, command.Request));
    }

    private static List<IUserEvent> Patch(ResourceType type, User user, PatchUser command)
    {
        var patched = Scim.Patching.Patch.Apply(type, user.Attributes, command.Operations).Attributes;
        var changes = AttributeDiff.Between(type, user.Attributes, patched);
        return Events(user, changes, command.Request, rest => new UserPatched(user.Subject, rest, command.Request));
    }

    /// <summary>
    /// The change of <c>active</c> is the event that auditors look for, so it has its own; what else changed follows in the event
    /// of the method. Each change is in exactly one event.
    /// </summary>
    private static List<IUserEvent> Events(
        User user, IReadOnlyList<AttributeChange> changes, SentRequest request, Func<IReadOnlyList<AttributeChange>, IUserEvent> ofMethod)
    {
        var rest = changes.Where(c => c.Path != "active").ToList();
        var active = changes.Where(c => c.Path == "active").ToList();
        var events = new List<IUserEvent>(2);
        if (rest.Count > 0 || active.Count == 0) events.Add(ofMethod(rest));
        if (active.Count == 0) return events;

        var isActive = (bool?)active[^1].After ?? true;
        if (isActive == user.IsActive) // from absent to true: no one was switched on
            return [ofMethod(changes)];
        var sent = events.Count == 0 ? request : null;
        events.Add(isActive ? new UserReactivated(user.Subject, active, sent) : new UserDeactivated(user.Subject, active, sent));
        return events;
    }

    /// <summary>What is deleted stays so unless its return was asked for; a live user that is as wanted gets no event.</summary>
    private static IReadOnlyList<IUserEvent> Restore(
        ResourceType type, User user, JsonObject wanted, long fromVersion, bool undelete, SentRequest request)
    {
        if (user.IsDeleted && !undelete) return [];
        var changes = AttributeDiff.Between(type, user.Attributes, wanted);
        return changes.Count == 0 && !user.IsDeleted ? [] : [new UserRestored(user.Subject, fromVersion, changes, request)];
    }
}

using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Replay;
using Directory.Projections.Streams;

namespace Directory.Api.Adoption;

/// <summary>
/// What an administrator may do with users and groups that no connection manages, and the release of those that one does: what the
/// endpoints and the pages share. A managed user or group is refused with 409.
/// </summary>
public sealed class LocalResources(UserDecisions users, GroupDecisions groups)
{
    /// <summary>Switches a local user on or off; one that is so already stays, without an event.</summary>
    /// <exception cref="ScimException">404, 409, 412.</exception>
    public Task<UserDecision> Switch(Origin origin, Guid user, bool active, Precondition precondition, CancellationToken cancellation) =>
        users.Decide(origin, user, precondition, new SwitchLocalUser(active, SentRequest.None), Outcome.Append, cancellation);

    /// <exception cref="ScimException">404, 409, 412.</exception>
    public Task DeleteUser(Origin origin, Guid user, Precondition precondition, CancellationToken cancellation) =>
        users.Decide(origin, user, precondition, new DeleteLocalUser(SentRequest.None), Outcome.Append, cancellation);

    /// <exception cref="ScimException">404, 409, 412.</exception>
    public Task DeleteGroup(Origin origin, Guid group, Precondition precondition, CancellationToken cancellation) =>
        groups.Decide(origin, group, precondition, new DeleteLocalGroup(SentRequest.None), Outcome.Append, cancellation);

    /// <summary>Takes a user from the connection that manages it; the next one that writes it takes it over.</summary>
    /// <exception cref="ScimException">404, 412; 409 when it is local.</exception>
    public Task<UserDecision> ReleaseUser(Origin origin, Guid user, Precondition precondition, CancellationToken cancellation) =>
        users.Decide(origin, user, precondition, new ReleaseUser(SentRequest.None), Outcome.Append, cancellation);

    /// <inheritdoc cref="ReleaseUser"/>
    public Task<GroupDecision> ReleaseGroup(Origin origin, Guid group, Precondition precondition, CancellationToken cancellation) =>
        groups.Decide(origin, group, precondition, new ReleaseGroup(SentRequest.None), Outcome.Append, cancellation);
}

using System.Text.Json.Nodes;
using Directory.Api.Audit;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Replay;
using Directory.Projections.Streams;

namespace Directory.Api.Admin;

/// <summary>A group that took a restored user or group back, or could not.</summary>
/// <param name="Reason">Why it could not, null when it did.</param>
public sealed record ReturnedMembership(Guid Id, string Name, string? Reason = null);

/// <summary>What restoring did, or would do.</summary>
/// <param name="RequestId">Under which the events are found.</param>
/// <param name="FromVersion">The version that it was put back to.</param>
/// <param name="Undeleted">Whether it came back from deletion.</param>
/// <param name="Changed">False when everything was so already.</param>
/// <param name="MembersAdded">Of a group; null for a user.</param>
/// <param name="MembersRemoved">Of a group; null for a user.</param>
/// <param name="MembersLeftOut">Who is gone, or contains the group by now; null for a user.</param>
/// <param name="Memberships">The groups that took it back; null when that was not asked for.</param>
/// <param name="Resource">As it is then.</param>
public sealed record Restored(
    bool Preview, string? RequestId, string Type, Guid Id, long FromVersion, bool Undeleted, bool Changed, IReadOnlyList<AttributeChange> Changes,
    MemberList? MembersAdded, MemberList? MembersRemoved, IReadOnlyList<Guid>? MembersLeftOut, IReadOnlyList<ReturnedMembership>? Memberships,
    JsonObject Resource);

/// <summary>Brings users and groups back to what they were, by new events.</summary>
public sealed class Restoration(Replay replay, UserDecisions users, GroupDecisions groups)
{
    /// <exception cref="ScimException">400, 404, 409, 412.</exception>
    public async Task<Restored> OfUser(
        Origin origin, Guid id, Precondition precondition, RestoreRequest request, Outcome outcome, CancellationToken cancellation)
    {
        var point = await Target(replay.Users, origin.TenantId, id, request, cancellation);
        var decision = await User(origin, id, precondition, point, request.Sent, outcome, cancellation);
        var after = decision.After!;
        var member = new Member(id, Member.User, after.UserName, after.DisplayName);
        return new Restored(
            outcome == Outcome.Preview, origin.RequestId, replay.Users.Name, id, point.Version, decision.Before!.IsDeleted && decision.Events.Count > 0,
            decision.Events.Count > 0, [.. decision.Events.OfType<UserRestored>().SelectMany(e => e.Changes)], null, null, null,
            request.Memberships ? await Memberships(origin, member, point, request.Sent, outcome, cancellation) : null,
            PastResource.Of(replay.Users, after).Representation);
    }

    /// <exception cref="ScimException">400, 404, 409, 412.</exception>
    public async Task<Restored> OfGroup(
        Origin origin, Guid id, Precondition precondition, RestoreRequest request, Outcome outcome, CancellationToken cancellation)
    {
        var point = await Target(replay.Groups, origin.TenantId, id, request, cancellation);
        var decision = await Group(origin, id, precondition, point, request.Sent, outcome, cancellation);
        var after = decision.After!;
        var member = new Member(id, Member.Group, after.DisplayName);
        return new Restored(
            outcome == Outcome.Preview, origin.RequestId, replay.Groups.Name, id, point.Version, decision.Before!.IsDeleted && decision.Events.Count > 0,
            decision.Events.Count > 0, [.. decision.Events.OfType<GroupRestored>().SelectMany(e => e.Changes)],
            MemberList.Of([.. decision.Added]), MemberList.Of([.. decision.Removed]), decision.LeftOut,
            request.Memberships ? await Memberships(origin, member, point, request.Sent, outcome, cancellation) : null,
            PastResource.Of(replay.Groups, after).Representation);
    }

    /// <summary>The place to restore to, with the moment at which its memberships are looked at: the last one of that version.</summary>
    /// <exception cref="ScimException">400, 404.</exception>
    private async Task<StreamPoint> Target(
        ResourceType type, string tenant, Guid id, RestoreRequest request, CancellationToken cancellation)
    {
        if (request.At is { } at) return await replay.AtInstant(type, tenant, id, "at", at, cancellation);
        var last = await replay.Points.Last(type, tenant, id, cancellation) ?? throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
        if (request.Version is null && (await replay.History.At(type, tenant, id, last.Version, cancellation))?.IsDeleted != true)
            throw new ScimException(ScimError.InvalidValue($"The {type.Name} is not deleted; say to which 'version' or 'at' which instant."));
        var version = request.Version ?? last.Version - 1;
        var point = await replay.AtVersion(type, tenant, id, $"{version}", cancellation);
        var next = await replay.Points.OfVersion(type, tenant, id, version + 1, cancellation);
        var end = next is null ? replay.Now : next.Time - TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond);
        return point with { Instant = end > point.Time ? end : point.Time };
    }

    /// <exception cref="ScimException">400 when it was deleted there.</exception>
    private async Task<PastResource> StateAt(ResourceType type, string tenant, Guid id, StreamPoint point, CancellationToken cancellation) =>
        await replay.History.At(type, tenant, id, point.Version, cancellation) switch
        {
            null => throw new ScimException(ScimError.NotFound(type.Name, id.ToString())),
            { IsDeleted: true } => throw new ScimException(ScimError.InvalidValue($"At version {point.Version} the {type.Name} was deleted; name an earlier one.")),
            { } state => state,
        };

    private async Task<UserDecision> User(
        Origin origin, Guid id, Precondition precondition, StreamPoint point, SentRequest sent, Outcome outcome, CancellationToken cancellation)
    {
        var state = await StateAt(replay.Users, origin.TenantId, id, point, cancellation);
        return await users.Decide(
            origin, id, precondition, new RestoreUser(state.Attributes, point.Version, sent), outcome, cancellation);
    }

    private async Task<GroupDecision> Group(
        Origin origin, Guid id, Precondition precondition, StreamPoint point, SentRequest sent, Outcome outcome, CancellationToken cancellation)
    {
        var state = await StateAt(replay.Groups, origin.TenantId, id, point, cancellation);
        var members = await replay.Members.Page(origin.TenantId, id, point, Guid.Empty, int.MaxValue, cancellation);
        var command = new RestoreGroup(state.Attributes, [.. members.Select(m => m.Id)], point.Version, sent);
        return await groups.Decide(origin, id, precondition, command, outcome, cancellation);
    }

    /// <summary>Adds it to the groups that it was directly in at the place it is restored to, each in a transaction of its own.</summary>
    private async Task<IReadOnlyList<ReturnedMembership>> Memberships(
        Origin origin, Member member, StreamPoint point, SentRequest sent, Outcome outcome, CancellationToken cancellation)
    {
        var returned = new List<ReturnedMembership>();
        var expected = new Dictionary<Guid, Member> { [member.Id] = member };
        var past = await replay.Memberships.GroupsOf(origin.TenantId, member.Id, Period.At(point.Instant), cancellation);
        foreach (var group in past.Where(g => g.Direct))
            try
            {
                var decision = await groups.Decide(
                    origin, group.Id, Precondition.None, new UndoGroup([], false, [member.Id], [], 0, sent), outcome, cancellation, expected);
                if (decision.Added.Any()) returned.Add(new ReturnedMembership(group.Id, decision.After!.DisplayName));
                else if (decision.Before!.IsDeleted) returned.Add(new ReturnedMembership(group.Id, group.Name, "The group is deleted."));
                else if (decision.LeftOut.Count > 0) returned.Add(new ReturnedMembership(group.Id, group.Name, "It would contain itself."));
            }
            catch (ScimException refusal)
            {
                returned.Add(new ReturnedMembership(group.Id, group.Name, refusal.Error.Detail));
            }

        return returned;
    }
}

using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Users;
using Directory.Projections.Replay;
using Directory.Projections.Streams;
using GroupResources = Directory.Api.Groups.GroupResources;
using UserResources = Directory.Api.Users.UserResources;

namespace Directory.Api.Admin;

/// <summary>What a SCIM write would do.</summary>
/// <param name="Status">The status it would be answered with.</param>
/// <param name="Events">What would be appended.</param>
/// <param name="Before">The state it is decided on, null for a creation.</param>
/// <param name="After">The state it would lead to.</param>
public sealed record ForeseenWrite(int Status, IReadOnlyList<object> Events, PastResource? Before, PastResource? After);

/// <summary>Runs the decision on a SCIM write request without appending anything.</summary>
public sealed class WritePreview(UserResources users, GroupResources groups, UserDecisions userDecisions, GroupDecisions groupDecisions)
{
    /// <param name="origin">Who asks.</param>
    /// <param name="method">POST, PUT, PATCH or DELETE.</param>
    /// <param name="segments">The path below the base URL: the endpoint and, except of a creation, the id.</param>
    /// <param name="body">The body of the request.</param>
    /// <param name="precondition">What If-Match demands.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <exception cref="ScimException">What the request would be refused with.</exception>
    public Task<ForeseenWrite> Run(
        Origin origin, string method, string[] segments, JsonObject body, Precondition precondition, CancellationToken cancellation) =>
        (method, segments) switch
        {
            ("POST", ["Users"]) => User(origin, Guid.Empty, precondition, UserCreation(body), cancellation),
            ("PUT", ["Users", var id]) => User(
                origin, Id(users.Type.Name, id), precondition, new ReplaceUser(users.Read(body), SentBody.Of(users.Type, body)), cancellation),
            ("PATCH", ["Users", var id]) => User(
                origin, Id(users.Type.Name, id), precondition, new PatchUser(PatchRequest.Parse(body), SentBody.OfPatch(users.Type, body)), cancellation),
            ("DELETE", ["Users", var id]) => User(
                origin, Id(users.Type.Name, id), precondition, new DeleteUser(SentRequest.None), cancellation),
            ("POST", ["Groups"]) => Group(origin, Guid.Empty, precondition, GroupCreation(body), cancellation),
            ("PUT", ["Groups", var id]) => Group(origin, Id(groups.Type.Name, id), precondition, GroupReplacement(body), cancellation),
            ("PATCH", ["Groups", var id]) => Group(
                origin, Id(groups.Type.Name, id), precondition, new PatchGroup(PatchRequest.Parse(body), SentBody.OfPatch(groups.Type, body)), cancellation),
            ("DELETE", ["Groups", var id]) => Group(
                origin, Id(groups.Type.Name, id), precondition, new DeleteGroup(SentRequest.None), cancellation),
            _ => throw new ScimException(ScimError.InvalidValue(
                $"'{method} /{string.Join('/', segments)}' is not a write of one user or group; a preview takes POST, PUT, PATCH and DELETE of /Users and /Groups.")),
        };

    private CreateUser UserCreation(JsonObject body) => new(users.Read(body), SentBody.OfCreation(users.Type, body));

    private CreateGroup GroupCreation(JsonObject body)
    {
        var (attributes, members) = groups.Read(body);
        return new CreateGroup(attributes, members, SentBody.OfCreation(groups.Type, body));
    }

    private ReplaceGroup GroupReplacement(JsonObject body)
    {
        var (attributes, members) = groups.Read(body);
        return new ReplaceGroup(attributes, members, SentBody.Of(groups.Type, body));
    }

    private async Task<ForeseenWrite> User(
        Origin origin, Guid id, Precondition precondition, UserCommand command, CancellationToken cancellation)
    {
        var decision = await userDecisions.Decide(origin, id, precondition, command, Outcome.Preview, cancellation);
        return new ForeseenWrite(
            command switch { CreateUser => 201, DeleteUser => 204, _ => 200 }, decision.Events,
            decision.Before is { } before ? PastResource.Of(users.Type, before) : null,
            decision.After is { } after ? PastResource.Of(users.Type, after) : null);
    }

    private async Task<ForeseenWrite> Group(
        Origin origin, Guid id, Precondition precondition, GroupCommand command, CancellationToken cancellation)
    {
        var decision = await groupDecisions.Decide(origin, id, precondition, command, Outcome.Preview, cancellation);
        return new ForeseenWrite(
            command switch { CreateGroup => 201, ReplaceGroup => 200, _ => 204 }, decision.Events,
            decision.Before is { } before ? PastResource.Of(groups.Type, before) : null,
            decision.After is { } after ? PastResource.Of(groups.Type, after) : null);
    }

    private static Guid Id(string type, string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.NotFound(type, text));
}

using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Administrators;
using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using JasperFx.Events;

namespace Directory.Projections.Audit;

/// <summary>
/// One event as the audit tells it: who did what to whom, from where, under which request, and what it changed. A pure function of
/// the event and its metadata, so that a rebuild gives the same entry.
/// </summary>
public sealed record AuditEntry(
    IEvent Event, string StreamType, string Action, Origin Origin, Subject Target, IReadOnlyList<AttributeChange> Changes,
    IReadOnlyList<Member> Members, SentRequest? Request)
{
    /// <summary>An accepted request that found everything as it wanted it (RFC 7644 §3.5.2: success without a change).</summary>
    public bool IsNoOp => Action is "replace" or "patch" && Changes.Count == 0;

    /// <summary>
    /// Whether a PUT removed a value by not naming its attribute at all (RFC 7644 §3.5.1), as opposed to naming it as null or empty.
    /// </summary>
    public bool IsOmitted(AttributeChange change) =>
        Action == "replace" && change.Op == ChangeOperation.Remove && Request?.Body is JsonObject body && !Names(body, change.Path);

    /// <summary>The names of the secrets that came with the request and were discarded, such as <c>password</c>.</summary>
    public IReadOnlyList<string> Withheld => Request?.Withheld ?? [];

    public string Sentence => Narrative.Tell(this);

    public static AuditEntry Of(ResourceType users, ResourceType groups, IEvent e)
    {
        var (streamType, action) = AuditAction.Of(e.Data);
        var origin = Origin.Of(e);
        return e.Data switch
        {
            UserCreated u => Entry(u.Subject, AttributeDiff.Between(users, [], u.Attributes), u.Request),
            UserReplaced u => Entry(u.Subject, u.Changes, u.Request),
            UserPatched u => Entry(u.Subject, u.Changes, u.Request),
            UserDeactivated u => Entry(u.Subject, u.Changes, u.Request),
            UserReactivated u => Entry(u.Subject, u.Changes, u.Request),
            UserRestored u => Entry(u.Subject, u.Changes, u.Request),
            IUserEvent u => Entry(u.Subject, [], u.Request),
            GroupCreated g => Entry(g.Subject, AttributeDiff.Between(groups, [], g.Attributes), g.Request),
            GroupReplaced g => Entry(g.Subject, g.Changes, g.Request),
            GroupPatched g => Entry(g.Subject, g.Changes, g.Request),
            GroupRestored g => Entry(g.Subject, g.Changes, g.Request),
            GroupMembersAdded g => Entry(g.Subject, [], g.Request) with { Members = g.Members },
            GroupMembersRemoved g => Entry(g.Subject, [], g.Request) with { Members = g.Members },
            IGroupEvent g => Entry(g.Subject, [], g.Request),
            AdministratorSignedIn a => Entry(new Subject(a.Name), [], null),
            AdministratorSignInFailed a => Entry(new Subject(a.Name is null ? a.Reason : $"{a.Name}: {a.Reason}"), [], null),
            AdministratorLockedOut a => Entry(new Subject(a.Name), [], null),
            AdministratorPasswordChanged a => Entry(new Subject(a.Name), [], null),
            ImportCompleted i => Entry(new Subject(i.FileName ?? i.ImportId.ToString()), [], null),
            AdoptionConsentRequired or AdoptionConsentWaived => Entry(new Subject("taking over"), [], null),
            IProvisioningEvent => Entry(ProvisioningStory.Subject(e.Data), ProvisioningStory.Changes(e.Data), null),
            _ => throw new InvalidOperationException($"The audit has no entry for {e.Data.GetType().Name}; it must not pass over one."),
        };

        AuditEntry Entry(Subject target, IReadOnlyList<AttributeChange> changes, SentRequest? request) =>
            new(e, streamType, action, origin, target, changes, [], request);
    }

    private static bool Names(JsonObject body, string path)
    {
        if (body.Any(p => string.Equals(p.Key, path, StringComparison.OrdinalIgnoreCase))) return true; // Entra: "name.givenName"
        var core = path;
        JsonNode? container = body;
        if (path.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
        {
            (var urn, core) = (path[..path.LastIndexOf(':')], path[(path.LastIndexOf(':') + 1)..]);
            container = Member(body, urn);
        }

        foreach (var name in core.Split('.'))
        {
            if (container is not JsonObject json) return container is not null;
            if (!json.Any(p => string.Equals(p.Key, name, StringComparison.OrdinalIgnoreCase))) return false;
            container = Member(json, name);
        }

        return true;
    }

    private static JsonNode? Member(JsonObject json, string name) =>
        json.FirstOrDefault(p => string.Equals(p.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
}

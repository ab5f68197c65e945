using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;

namespace Directory.Projections.Audit;

/// <summary>How the events of provisioning are told in the audit.</summary>
internal static class ProvisioningStory
{
    /// <summary>What the event is about: a connection, a token, an account, or why the directory as a whole was switched.</summary>
    public static Subject Subject(object data) => new(data switch
    {
        ProvisioningEnabled e => e.Reason,
        ProvisioningDisabled e => e.Reason,
        ProvisioningPaused e => e.Reason,
        ProvisioningResumed e => e.Reason,
        ProvisioningSettingsChanged => "the settings",
        ConnectionCreated e => e.Name,
        ConnectionRenamed e => e.Name,
        ConnectionRemoved e => e.Name,
        ConnectionPaused e => e.Name,
        ConnectionResumed e => e.Name,
        BrakeConfigured e => e.Name,
        TokenIssued e => $"{e.Name} ({e.Prefix}…)",
        TokenRevoked e => $"{e.Name} ({e.Prefix}…)",
        AdministratorCreated e => e.Name,
        _ => throw Unknown(data),
    });

    public static IReadOnlyList<AttributeChange> Changes(object data) => data switch
    {
        ProvisioningSettingsChanged e => e.Changes,
        ConnectionRenamed e => [AttributeChange.Of("name", e.Name, e.NewName)],
        BrakeConfigured e =>
        [
            .. Change("brake.changes", e.Before?.Changes, e.After?.Changes),
            .. Change("brake.minutes", e.Before?.Minutes, e.After?.Minutes),
        ],
        _ => [],
    };

    /// <summary>One sentence; the reason or the name stands in <see cref="Subject"/>.</summary>
    public static string Sentence(string who, string whom, object data) => data switch
    {
        ProvisioningEnabled => $"{who} switched provisioning on: {whom}",
        ProvisioningDisabled => $"{who} switched provisioning off: {whom}",
        ProvisioningPaused => $"{who} paused provisioning: {whom}",
        ProvisioningResumed => $"{who} resumed provisioning: {whom}",
        ProvisioningSettingsChanged e => $"{who} changed {string.Join(" and ", e.Changes.Select(c => $"{c.Path} from {c.Before} to {c.After}"))}",
        ConnectionCreated => $"{who} set up the connection {whom}",
        ConnectionRenamed e => $"{who} renamed the connection {whom} to {e.NewName}",
        ConnectionRemoved => $"{who} removed the connection {whom}",
        ConnectionPaused e => $"{who} paused the connection {whom}: {e.Reason}",
        ConnectionResumed e => $"{who} resumed the connection {whom}: {e.Reason}",
        BrakeConfigured { After: { } brake } => $"{who} set the brake of the connection {whom} to {brake}",
        BrakeConfigured => $"{who} switched the brake of the connection {whom} off",
        TokenIssued => $"{who} issued a token for {whom}",
        TokenRevoked { Reason: { } reason } => $"{who} revoked the token of {whom}: {reason}",
        TokenRevoked => $"{who} revoked the token of {whom}",
        AdministratorCreated => $"{who} made the administrator {whom}",
        _ => throw Unknown(data),
    };

    private static AttributeChange[] Change(string path, int? before, int? after) =>
        before == after ? [] : [AttributeChange.Of(path, Node(before), Node(after))];

    private static JsonNode? Node(int? number) => number is { } value ? JsonValue.Create(value) : null;

    private static InvalidOperationException Unknown(object data) =>
        new($"The audit has no entry for {data.GetType().Name}; it must not pass over one.");
}

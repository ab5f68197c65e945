using Directory.Domain.Scim;

namespace Directory.Domain.Provisioning;

/// <summary>
/// Which events a command causes. Pure: no clock, no query, no HTTP. A refusal is a <see cref="ScimException"/>; a command that asks
/// for what already is so is accepted and causes none.
/// </summary>
public static class ProvisioningDecider
{
    public const int LongestName = 100, LongestReason = 500;

    public static IReadOnlyList<IProvisioningEvent> Decide(ProvisioningState state, ProvisioningCommand command) => command switch
    {
        SwitchOn c => state.IsOn ? [] : [new ProvisioningEnabled(Reason(c.Reason))],
        SwitchOff c => state.IsOn ? [new ProvisioningDisabled(Reason(c.Reason))] : [],
        PauseProvisioning c => Pause(state, c),
        ResumeProvisioning c => state.Pause is null ? [] : [new ProvisioningResumed(Reason(c.Reason))],
        ChangeSettings c => Change(state, c.Settings),
        CreateConnection c => Create(state, c),
        RenameConnection c => Rename(state, c),
        RemoveConnection c => Remove(state, Find(state, c.Id)),
        PauseConnection c => Find(state, c.Id) is { Pause: null } running ? [new ConnectionPaused(c.Id, running.Name, Reason(c.Reason))] : [],
        ApplyBrake c => Brake(state, c),
        ResumeConnection c => Find(state, c.Id) is { Pause: not null } paused ? [new ConnectionResumed(c.Id, paused.Name, Reason(c.Reason))] : [],
        ConfigureBrake c => Configure(Find(state, c.Id), c.Brake),
        IssueToken c => [Issue(state, c)],
        RevokeToken c => state.Tokens.TryGetValue(c.TokenId, out var token)
            ? [new TokenRevoked(token.Id, token.Name, token.Prefix, c.Reason is null ? null : Reason(c.Reason))]
            : [],
        _ => throw new InvalidOperationException($"Provisioning cannot take {command.GetType().Name}."),
    };

    private static IReadOnlyList<IProvisioningEvent> Pause(ProvisioningState state, PauseProvisioning command)
    {
        if (!state.IsOn) throw new ScimException(ScimError.Conflict("Provisioning is switched off; there is nothing to pause."));
        return state.Pause is null ? [new ProvisioningPaused(Reason(command.Reason))] : [];
    }

    private static IReadOnlyList<IProvisioningEvent> Change(ProvisioningState state, ProvisioningSettings settings)
    {
        if (!settings.IsPossible)
            throw new ScimException(ScimError.InvalidValue(
                $"Tokens last 1 to {ProvisioningSettings.MostDays} days, and a connection is silent after 0 (never) to {ProvisioningSettings.MostHours} hours."));
        var changes = state.Settings.ChangesTo(settings);
        return changes.Count == 0 ? [] : [new ProvisioningSettingsChanged(changes)];
    }

    private static IReadOnlyList<IProvisioningEvent> Create(ProvisioningState state, CreateConnection command)
    {
        if (state.Connections.ContainsKey(command.Id)) return [];
        var name = FreeName(state, command.Id, command.Name);
        return
        [
            new ConnectionCreated(command.Id, name),
            .. Configure(new Connection(command.Id, name, null, null), command.Brake),
        ];
    }

    private static IReadOnlyList<IProvisioningEvent> Rename(ProvisioningState state, RenameConnection command)
    {
        var connection = Find(state, command.Id);
        var name = FreeName(state, command.Id, command.Name);
        return name == connection.Name ? [] : [new ConnectionRenamed(command.Id, connection.Name, name)];
    }

    private static IReadOnlyList<IProvisioningEvent> Remove(ProvisioningState state, Connection connection) =>
    [
        .. state.Tokens.Values.Where(t => t.ConnectionId == connection.Id).OrderBy(t => t.Id)
            .Select(t => new TokenRevoked(t.Id, t.Name, t.Prefix, "its connection was removed")),
        new ConnectionRemoved(connection.Id, connection.Name),
    ];

    /// <summary>Several requests may be too many at the same moment; the first of them pauses the connection.</summary>
    private static IReadOnlyList<IProvisioningEvent> Brake(ProvisioningState state, ApplyBrake command) =>
        state.Connections.TryGetValue(command.Id, out var connection) && connection is { Pause: null, Brake: { } brake }
            ? [new ConnectionPaused(connection.Id, connection.Name, $"it sent more than {brake}", brake)]
            : [];

    private static IReadOnlyList<IProvisioningEvent> Configure(Connection connection, MassChangeBrake? brake)
    {
        if (brake is { IsPossible: false })
            throw new ScimException(ScimError.InvalidValue(
                $"A brake lets through 1 to {MassChangeBrake.MostChanges} changes in 1 to {MassChangeBrake.MostMinutes} minutes."));
        return brake == connection.Brake ? [] : [new BrakeConfigured(connection.Id, connection.Name, connection.Brake, brake)];
    }

    private static TokenIssued Issue(ProvisioningState state, IssueToken command)
    {
        var connection = command.ConnectionId is { } id ? Find(state, id) : null;
        if ((command.Role == TokenRole.Provisioner) != (connection is not null))
            throw new ScimException(ScimError.InvalidValue("A SCIM token belongs to a connection, and no other token does."));
        if (command.NotBefore >= command.ExpiresAt)
            throw new ScimException(ScimError.InvalidValue("The token would end before it begins."));
        var name = Name(command.Name ?? connection?.Name ?? command.Role);
        return new TokenIssued(
            command.TokenId, command.Role, command.ConnectionId, name, command.Prefix, command.ExpiresAt, command.NotBefore);
    }

    private static Connection Find(ProvisioningState state, Guid id) => state.Connections.TryGetValue(id, out var connection)
        ? connection
        : throw new ScimException(ScimError.NotFound("connection", id.ToString()));

    private static string FreeName(ProvisioningState state, Guid id, string name)
    {
        name = Name(name);
        if (state.Connections.Values.Any(c => c.Id != id && CaseFolding.Fold(c.Name) == CaseFolding.Fold(name)))
            throw new ScimException(ScimError.Uniqueness("name", name));
        return name;
    }

    private static string Name(string name)
    {
        name = name.Trim();
        return name.Length is > 0 and <= LongestName && !name.Any(char.IsControl)
            ? name
            : throw new ScimException(ScimError.InvalidValue($"A name has 1 to {LongestName} characters and no control characters."));
    }

    private static string Reason(string reason)
    {
        reason = reason.Trim();
        return reason.Length is > 0 and <= LongestReason && !reason.Any(char.IsControl)
            ? reason
            : throw new ScimException(ScimError.InvalidValue($"A reason has 1 to {LongestReason} characters and no control characters."));
    }
}

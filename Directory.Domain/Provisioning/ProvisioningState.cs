using System.Collections.Immutable;

namespace Directory.Domain.Provisioning;

/// <summary>A SCIM client of the directory, as far as decisions ask.</summary>
/// <param name="Pause">Why it is paused, null if it is not.</param>
public sealed record Connection(Guid Id, string Name, string? Pause, MassChangeBrake? Brake);

/// <summary>A token that is not revoked, as far as decisions ask.</summary>
public sealed record IssuedToken(Guid Id, string Role, Guid? ConnectionId, string Name, string Prefix);

/// <summary>The provisioning of a directory, folded from its events.</summary>
/// <param name="IsOn">Whether SCIM answers.</param>
/// <param name="WasSwitched">Whether it was ever switched on or off; if not, a first start may do so.</param>
/// <param name="Pause">Why all connections are paused, null if they are not.</param>
/// <param name="Connections">Those that were not removed.</param>
/// <param name="Tokens">Those that were not revoked.</param>
/// <param name="Version">How many events there were.</param>
public sealed record ProvisioningState(
    bool IsOn, bool WasSwitched, string? Pause, ImmutableDictionary<Guid, Connection> Connections,
    ImmutableDictionary<Guid, IssuedToken> Tokens, ProvisioningSettings Settings, long Version)
{
    public static readonly ProvisioningState Initial = new(
        false, false, null, ImmutableDictionary<Guid, Connection>.Empty, ImmutableDictionary<Guid, IssuedToken>.Empty,
        ProvisioningSettings.Default, 0);

    public ProvisioningState Evolve(IProvisioningEvent e) => Next(e) with { Version = Version + 1 };

    private ProvisioningState Next(IProvisioningEvent e) => e switch
    {
        ProvisioningEnabled => this with { IsOn = true, WasSwitched = true },
        ProvisioningDisabled => this with { IsOn = false, WasSwitched = true, Pause = null },
        ProvisioningPaused p => this with { Pause = p.Reason },
        ProvisioningResumed => this with { Pause = null },
        ProvisioningSettingsChanged s => this with { Settings = s.Changes.Aggregate(Settings, (settings, change) => settings.With(change)) },
        ConnectionCreated c => With(new Connection(c.ConnectionId, c.Name, null, null)),
        ConnectionRenamed c => Change(c.ConnectionId, connection => connection with { Name = c.NewName }),
        ConnectionRemoved c => this with { Connections = Connections.Remove(c.ConnectionId) },
        ConnectionPaused c => Change(c.ConnectionId, connection => connection with { Pause = c.Reason }),
        ConnectionResumed c => Change(c.ConnectionId, connection => connection with { Pause = null }),
        BrakeConfigured c => Change(c.ConnectionId, connection => connection with { Brake = c.After }),
        TokenIssued t => this with { Tokens = Tokens.SetItem(t.TokenId, new IssuedToken(t.TokenId, t.Role, t.ConnectionId, t.Name, t.Prefix)) },
        TokenRevoked t => this with { Tokens = Tokens.Remove(t.TokenId) },
        _ => this,
    };

    private ProvisioningState With(Connection connection) => this with { Connections = Connections.SetItem(connection.Id, connection) };

    private ProvisioningState Change(Guid id, Func<Connection, Connection> change) =>
        Connections.TryGetValue(id, out var connection) ? With(change(connection)) : this;
}

using Directory.Domain.Scim;

namespace Directory.Domain.Provisioning;

/// <summary>
/// What can happen to the provisioning of a directory: its switch, its connections and their tokens. One stream for each directory.
/// Tokens appear by id and prefix, never by value or hash.
/// </summary>
public interface IProvisioningEvent;

/// <summary>SCIM was switched on; from here on it answers.</summary>
/// <param name="Reason">Why, in words: an administrator's decision, or the first start.</param>
public sealed record ProvisioningEnabled(string Reason) : IProvisioningEvent;

/// <summary>SCIM was switched off; it answers 404, and what was provisioned stays as it is. A pause ends with it.</summary>
public sealed record ProvisioningDisabled(string Reason) : IProvisioningEvent;

/// <summary>SCIM answers 503 from here on, on all connections, so that the clients try again later.</summary>
public sealed record ProvisioningPaused(string Reason) : IProvisioningEvent;

/// <summary>SCIM answers again.</summary>
public sealed record ProvisioningResumed(string Reason) : IProvisioningEvent;

/// <summary>What is set for the directory as a whole was changed; the paths are those of <see cref="ProvisioningSettings"/>.</summary>
public sealed record ProvisioningSettingsChanged(IReadOnlyList<AttributeChange> Changes) : IProvisioningEvent;

/// <summary>A SCIM client of the directory was set up: an Okta app, an Entra app.</summary>
public sealed record ConnectionCreated(Guid ConnectionId, string Name) : IProvisioningEvent;

/// <param name="ConnectionId">The connection.</param>
/// <param name="Name">What it was called.</param>
/// <param name="NewName">What it is called from here on.</param>
public sealed record ConnectionRenamed(Guid ConnectionId, string Name, string NewName) : IProvisioningEvent;

/// <summary>The connection is gone, and its tokens with it; what it provisioned stays as it is.</summary>
public sealed record ConnectionRemoved(Guid ConnectionId, string Name) : IProvisioningEvent;

/// <summary>The connection is answered 503 from here on, so that its client tries again later.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Brake">The brake that did it, null if an administrator did.</param>
public sealed record ConnectionPaused(Guid ConnectionId, string Name, string Reason, MassChangeBrake? Brake = null) : IProvisioningEvent;

/// <summary>The connection is answered again; what its brake has counted is forgotten.</summary>
public sealed record ConnectionResumed(Guid ConnectionId, string Name, string Reason) : IProvisioningEvent;

/// <summary>How many deactivations and deletions a connection may send was set; the count starts anew.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Before">Null: there was no limit.</param>
/// <param name="After">Null: there is none.</param>
public sealed record BrakeConfigured(Guid ConnectionId, string Name, MassChangeBrake? Before, MassChangeBrake? After) : IProvisioningEvent;

/// <summary>A token was issued; whoever has it acts in the given role.</summary>
/// <param name="TokenId">The id of the token.</param>
/// <param name="Role">One of <see cref="TokenRole"/>.</param>
/// <param name="ConnectionId">The connection of a provisioner, null for others.</param>
/// <param name="Name">What people call the token or its holder.</param>
/// <param name="Prefix">The first characters, which identify the token and are not secret.</param>
/// <param name="ExpiresAt">When it ends (UTC), null if never.</param>
/// <param name="NotBefore">When it begins to be valid (UTC), null for at once.</param>
public sealed record TokenIssued(
    Guid TokenId, string Role, Guid? ConnectionId, string Name, string Prefix, DateTimeOffset? ExpiresAt, DateTimeOffset? NotBefore = null)
    : IProvisioningEvent;

/// <summary>A token was withdrawn; from here on it is refused.</summary>
/// <param name="Reason">Why, in words; null if nobody said.</param>
public sealed record TokenRevoked(Guid TokenId, string Name, string Prefix, string? Reason = null) : IProvisioningEvent;

/// <summary>The local administrator's account was made. It lives apart: SCIM neither sees nor touches it.</summary>
public sealed record AdministratorCreated(Guid AccountId, string Name) : IProvisioningEvent;

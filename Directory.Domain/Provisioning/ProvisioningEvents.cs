namespace Directory.Domain.Provisioning;

/// <summary>
/// What can happen to the provisioning of a directory: its switch, its connections and their tokens. One stream for each directory.
/// Tokens appear by id and prefix, never by value or hash.
/// </summary>
public interface IProvisioningEvent;

/// <summary>SCIM was switched on; from here on it answers.</summary>
/// <param name="Reason">Why, in words: an administrator's decision, or the first start.</param>
public sealed record ProvisioningEnabled(string Reason) : IProvisioningEvent;

/// <summary>SCIM was switched off; it answers 404, and what was provisioned stays as it is.</summary>
public sealed record ProvisioningDisabled(string Reason) : IProvisioningEvent;

/// <summary>A SCIM client of the directory was set up: an Okta app, an Entra app.</summary>
public sealed record ConnectionCreated(Guid ConnectionId, string Name) : IProvisioningEvent;

/// <summary>A token was issued; whoever has it acts in the given role.</summary>
/// <param name="TokenId">The id of the token.</param>
/// <param name="Role"><c>provisioner</c>, <c>auditor</c> or <c>admin</c>.</param>
/// <param name="ConnectionId">The connection of a provisioner, null for an auditor.</param>
/// <param name="Name">What people call the token or its holder.</param>
/// <param name="Prefix">The first characters, which identify the token and are not secret.</param>
/// <param name="ExpiresAt">When it ends (UTC), null if never.</param>
public sealed record TokenIssued(Guid TokenId, string Role, Guid? ConnectionId, string Name, string Prefix, DateTimeOffset? ExpiresAt)
    : IProvisioningEvent;

/// <summary>A token was withdrawn; from here on it is refused.</summary>
public sealed record TokenRevoked(Guid TokenId, string Name, string Prefix) : IProvisioningEvent;

/// <summary>The local administrator's account was made. It lives apart: SCIM neither sees nor touches it.</summary>
public sealed record AdministratorCreated(Guid AccountId, string Name) : IProvisioningEvent;

namespace Directory.Domain.Provisioning;

/// <summary>What can be asked of the provisioning of a directory. A reason is kept in the audit and shown on the pages.</summary>
public abstract record ProvisioningCommand;

public sealed record SwitchOn(string Reason) : ProvisioningCommand;

public sealed record SwitchOff(string Reason) : ProvisioningCommand;

public sealed record PauseProvisioning(string Reason) : ProvisioningCommand;

public sealed record ResumeProvisioning(string Reason) : ProvisioningCommand;

public sealed record ChangeSettings(ProvisioningSettings Settings) : ProvisioningCommand;

/// <param name="Brake">Null for none.</param>
public sealed record CreateConnection(Guid Id, string Name, MassChangeBrake? Brake) : ProvisioningCommand;

public sealed record RenameConnection(Guid Id, string Name) : ProvisioningCommand;

public sealed record RemoveConnection(Guid Id) : ProvisioningCommand;

public sealed record PauseConnection(Guid Id, string Reason) : ProvisioningCommand;

/// <summary>The brake of the connection has seen more changes than it lets through.</summary>
public sealed record ApplyBrake(Guid Id) : ProvisioningCommand;

public sealed record ResumeConnection(Guid Id, string Reason) : ProvisioningCommand;

/// <param name="Brake">Null to let everything through.</param>
public sealed record ConfigureBrake(Guid Id, MassChangeBrake? Brake) : ProvisioningCommand;

/// <param name="TokenId">The id it is to have.</param>
/// <param name="Role">One of <see cref="TokenRole"/>.</param>
/// <param name="ConnectionId">For whom a provisioner acts, null for the other roles.</param>
/// <param name="Name">What people call the token; null for the name of its connection or role.</param>
/// <param name="Prefix">The first characters, which identify it.</param>
/// <param name="NotBefore">UTC, null for at once.</param>
/// <param name="ExpiresAt">UTC, null for never.</param>
public sealed record IssueToken(
    Guid TokenId, string Role, Guid? ConnectionId, string? Name, string Prefix, DateTimeOffset? NotBefore, DateTimeOffset? ExpiresAt)
    : ProvisioningCommand;

/// <param name="Reason">Null if nobody said.</param>
public sealed record RevokeToken(Guid TokenId, string? Reason) : ProvisioningCommand;

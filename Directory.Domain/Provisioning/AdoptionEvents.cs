namespace Directory.Domain.Provisioning;

/// <summary>From here on an administrator must consent before a connection takes over a local user or group.</summary>
public sealed record AdoptionConsentRequired : IProvisioningEvent;

/// <summary>From here on a connection takes over a local user or group by its first PUT or PATCH.</summary>
public sealed record AdoptionConsentWaived : IProvisioningEvent;

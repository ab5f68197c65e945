using Directory.Domain.Provisioning;

namespace Directory.Domain.Administrators;

/// <summary>Somebody signed in to the pages.</summary>
/// <param name="AccountId">The local account, null for somebody whom an OpenID provider vouches for.</param>
/// <param name="Name">The account's name, or the provider's name for the person.</param>
/// <param name="Role"><c>admin</c> or <c>auditor</c>.</param>
/// <param name="Method"><c>password</c> or <c>openid</c>.</param>
public sealed record AdministratorSignedIn(Guid? AccountId, string Name, string Role, string Method) : IProvisioningEvent;

/// <summary>An attempt to sign in was refused.</summary>
/// <param name="AccountId">The local account, null if there is none of that name.</param>
/// <param name="Name">Null if there is no such account: what was typed may be a password in the wrong field.</param>
/// <param name="Reason">Why, in words; never what was typed.</param>
public sealed record AdministratorSignInFailed(Guid? AccountId, string? Name, string Reason) : IProvisioningEvent;

/// <summary>After too many failures further attempts are refused for a while.</summary>
/// <param name="AccountId">The account, null if the attempts of an address are refused.</param>
/// <param name="Name">The account's name, or the address.</param>
/// <param name="Until">The end of the wait (UTC).</param>
public sealed record AdministratorLockedOut(Guid? AccountId, string Name, DateTimeOffset Until) : IProvisioningEvent;

/// <summary>An administrator changed the own password; all other sessions of the account ended.</summary>
public sealed record AdministratorPasswordChanged(Guid AccountId, string Name) : IProvisioningEvent;

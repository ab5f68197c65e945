namespace Directory.Projections.Administrators;

/// <summary>A local account of the pages. It lives apart from the users: SCIM neither sees nor touches it.</summary>
/// <param name="Role"><c>admin</c> or <c>auditor</c>.</param>
public sealed record AdministratorAccount(Guid Id, string TenantId, string Name, string Role, string PasswordHash, bool MustChangePassword);

/// <summary>Whoever has a valid session.</summary>
/// <param name="SessionHash">SHA-256 of the session's secret, which only the cookie holds.</param>
/// <param name="AccountId">The local account, null for somebody whom an OpenID provider vouches for.</param>
/// <param name="Subject">The account's id, or the provider's name for the person.</param>
/// <param name="Role"><c>admin</c> or <c>auditor</c>.</param>
/// <param name="MustChangePassword">Nothing else may be done before the password is replaced.</param>
public sealed record SessionIdentity(
    byte[] SessionHash, string TenantId, Guid? AccountId, string Subject, string Name, string Role, bool MustChangePassword);

namespace Directory.Projections.Provisioning;

/// <summary>Whoever presents a valid token.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="TenantId">The directory it is for.</param>
/// <param name="Role"><see cref="Provisioner"/>, <see cref="Auditor"/> or <see cref="Admin"/>.</param>
/// <param name="ConnectionId">The SCIM connection, null for an auditor.</param>
/// <param name="Name">The name of the connection or of the token.</param>
/// <param name="Prefix">The token's first characters.</param>
/// <param name="ExpiresAt">UTC, null if never.</param>
public sealed record TokenIdentity(
    Guid TokenId, string TenantId, string Role, Guid? ConnectionId, string Name, string Prefix, DateTimeOffset? ExpiresAt)
{
    public const string Provisioner = "provisioner", Auditor = "auditor", Admin = "admin";
}

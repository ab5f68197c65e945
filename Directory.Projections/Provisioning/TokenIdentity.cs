using Directory.Domain.Provisioning;

namespace Directory.Projections.Provisioning;

/// <summary>Whoever presents a token that was issued.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="TenantId">The directory it is for.</param>
/// <param name="Role"><see cref="Provisioner"/>, <see cref="Auditor"/> or <see cref="Admin"/>.</param>
/// <param name="ConnectionId">The SCIM connection, null for others.</param>
/// <param name="Name">The name of the connection, of other tokens their own.</param>
/// <param name="Prefix">The token's first characters.</param>
/// <param name="NotBefore">UTC, null if at once.</param>
/// <param name="ExpiresAt">UTC, null if never.</param>
/// <param name="RevokedAt">UTC, null if it was not.</param>
/// <param name="Gate">Whether SCIM answers.</param>
public sealed record TokenIdentity(
    Guid TokenId, string TenantId, string Role, Guid? ConnectionId, string Name, string Prefix, DateTimeOffset? NotBefore,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, ScimGate Gate)
{
    public const string Provisioner = TokenRole.Provisioner, Auditor = TokenRole.Auditor, Admin = TokenRole.Admin;

    public TokenRefusal Refusal(DateTimeOffset now) =>
        RevokedAt is not null ? TokenRefusal.Revoked
        : ExpiresAt <= now ? TokenRefusal.Expired
        : NotBefore > now ? TokenRefusal.NotYetValid
        : TokenRefusal.None;
}

/// <summary>Why a token is not taken.</summary>
public enum TokenRefusal
{
    None,
    Unknown,
    NotYetValid,
    Expired,
    Revoked,
}

/// <summary>What is known of a token that was presented.</summary>
/// <param name="Identity">Null if it is unknown.</param>
public readonly record struct TokenAnswer(TokenIdentity? Identity, TokenRefusal Refusal);

/// <summary>Whether SCIM answers a connection.</summary>
/// <param name="IsOn">Whether provisioning is switched on in its directory.</param>
/// <param name="DirectoryPause">Why all connections are paused, null if they are not.</param>
/// <param name="ConnectionPause">Why this connection is paused, null if it is not.</param>
public sealed record ScimGate(bool IsOn, string? DirectoryPause, string? ConnectionPause)
{
    public static readonly ScimGate Open = new(true, null, null);

    public bool IsOpen => IsOn && DirectoryPause is null && ConnectionPause is null;
}

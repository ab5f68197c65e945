using Directory.Domain.Provisioning;

namespace Directory.Projections.Provisioning;

/// <summary>The provisioning of a directory as it is now.</summary>
/// <param name="SwitchedAt">UTC; null while nobody has switched it on or off.</param>
/// <param name="PausedAt">UTC; null while it is not paused.</param>
public sealed record ProvisioningStatus(
    bool IsOn, DateTimeOffset? SwitchedAt, string? SwitchReason, DateTimeOffset? PausedAt, string? PauseReason, ProvisioningSettings Settings,
    IReadOnlyList<ConnectionStatus> Connections, IReadOnlyList<TokenStatus> Tokens);

/// <summary>A connection as it is now, and how it fares.</summary>
/// <param name="PausedAt">UTC; null while it is not paused.</param>
/// <param name="IsBraked">Whether its brake paused it.</param>
/// <param name="Brake">Null if it has none.</param>
/// <param name="BrakeCount">How many deactivations and deletions the brake has let through in the stretch of time that counts.</param>
/// <param name="LastTest">When an identity provider last tried the connection out.</param>
/// <param name="Days">Of the last two weeks those with requests, the oldest first.</param>
public sealed record ConnectionStatus(
    Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? PausedAt, string? PauseReason, bool IsBraked, MassChangeBrake? Brake,
    int BrakeCount, RequestMoment? LastRequest, ConnectionTest? LastTest, RequestFailure? LastError, IReadOnlyList<RequestDay> Days)
{
    /// <summary>When it was last heard of: its creation, if never.</summary>
    public DateTimeOffset LastHeard => LastRequest?.At ?? CreatedAt;

    /// <param name="now">UTC.</param>
    /// <param name="hours">0 for never.</param>
    public bool IsSilent(DateTimeOffset now, int hours) => hours > 0 && now - LastHeard > TimeSpan.FromHours(hours);
}

/// <param name="From">The address it came from.</param>
public sealed record RequestMoment(DateTimeOffset At, int Status, string? From);

/// <param name="Client"><c>okta</c> or <c>entra</c>: whose test the request looks like.</param>
public sealed record ConnectionTest(DateTimeOffset At, int Status, string Client);

/// <summary>A request that was refused; the whole of it is in the request log.</summary>
public sealed record RequestFailure(
    DateTimeOffset At, int Status, string? ScimType, string? Detail, string Method, string? Route, string RequestId);

/// <param name="Refused">Of the requests.</param>
public sealed record RequestDay(DateOnly Day, long Requests, long Refused);

/// <summary>A token as it is now; its value is known to nobody.</summary>
/// <param name="Kind"><c>scim</c>, <c>audit</c> or <c>admin</c>.</param>
/// <param name="LastUsedAt">UTC, to the minute; null if never.</param>
public sealed record TokenStatus(
    Guid Id, string Kind, Guid? ConnectionId, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? NotBefore,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, string? LastUsedFrom)
{
    /// <summary>An expiry is warned of when so many days are left.</summary>
    public const int WarningDays = 30;

    /// <summary><c>valid</c>, <c>expiring</c>, <c>expired</c>, <c>revoked</c> or <c>notYetValid</c>.</summary>
    public string State(DateTimeOffset now) =>
        RevokedAt is not null ? "revoked"
        : ExpiresAt <= now ? "expired"
        : NotBefore > now ? "notYetValid"
        : DaysLeft(now) <= WarningDays ? "expiring"
        : "valid";

    /// <summary>Whole days until it expires, 0 on the last and below 0 afterwards; null if it never does.</summary>
    public int? DaysLeft(DateTimeOffset now) => ExpiresAt is { } end ? (int)Math.Floor((end - now).TotalDays) : null;

    /// <summary>How urgent a new token is: 30, 7 or 1 days or less are left, 0 when it has expired; null if it is not urgent.</summary>
    public int? Urgency(DateTimeOffset now) => RevokedAt is not null ? null : DaysLeft(now) switch
    {
        null => null,
        < 0 => 0,
        <= 1 => 1,
        <= 7 => 7,
        <= WarningDays => WarningDays,
        _ => null,
    };
}

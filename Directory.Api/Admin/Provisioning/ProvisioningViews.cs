using Directory.Domain.Provisioning;
using Directory.Projections.Provisioning;

namespace Directory.Api.Admin.Provisioning;

/// <summary>What an administrator is shown of provisioning; the answer of GET /api/admin/provisioning, and the page's model.</summary>
/// <param name="Consequence">What switching it off would do, or on, if it is off.</param>
/// <param name="Scim">What an identity provider asks for.</param>
/// <param name="Tokens">Of auditors and administrators; those of connections are with them.</param>
public sealed record ProvisioningView(
    bool Enabled, DateTimeOffset? SwitchedAt, string? SwitchReason, DateTimeOffset? PausedAt, string? PauseReason, string Consequence,
    ProvisioningSettings Settings, ConnectorForm Scim, IReadOnlyList<ConnectionView> Connections, IReadOnlyList<TokenView> Tokens);

/// <summary>What the forms of Okta and Entra ask for, ready to copy; the token is the only secret.</summary>
/// <param name="BaseUrl">Okta: SCIM connector base URL; Entra: Tenant URL.</param>
/// <param name="UniqueIdentifierField">Okta: Unique identifier field for users.</param>
/// <param name="ProvisioningActions">Okta: Supported provisioning actions.</param>
/// <param name="AuthenticationMode">Okta: Authentication Mode.</param>
public sealed record ConnectorForm(
    string BaseUrl, string UniqueIdentifierField, IReadOnlyList<string> ProvisioningActions, string AuthenticationMode)
{
    public static ConnectorForm Of(string baseUrl) =>
        new(baseUrl, "userName", ["Push New Users", "Push Profile Updates", "Push Groups"], "HTTP Header");
}

/// <summary>A connection, how it fares and the tokens it has.</summary>
/// <param name="State">
/// <c>off</c>, <c>paused</c>, <c>untested</c> (never a request), <c>failing</c> (its last request was not let in, or failed here),
/// <c>silent</c> or <c>working</c>.
/// </param>
/// <param name="Warnings">One sentence each; empty if an administrator need do nothing.</param>
public sealed record ConnectionView(
    Guid Id, string Name, DateTimeOffset CreatedAt, string State, DateTimeOffset? PausedAt, string? PauseReason, bool PausedByBrake,
    BrakeView? Brake, RequestMoment? LastRequest, ConnectionTest? LastTest, RequestFailure? LastError, IReadOnlyList<RequestDay> RequestsPerDay,
    IReadOnlyList<TokenView> Tokens, IReadOnlyList<string> Warnings)
{
    internal static ConnectionView Of(ProvisioningStatus status, ConnectionStatus connection, DateTimeOffset now)
    {
        IReadOnlyList<TokenView> tokens =
            [.. status.Tokens.Where(t => t.ConnectionId == connection.Id).Select(t => TokenView.Of(t, now))];
        var state = StateOf(status, connection, now);
        return new ConnectionView(
            connection.Id, connection.Name, connection.CreatedAt, state, connection.PausedAt, connection.PauseReason, connection.IsBraked,
            connection.Brake is { } brake ? new BrakeView(brake.Changes, brake.Minutes, connection.BrakeCount) : null,
            connection.LastRequest, connection.LastTest, connection.LastError, connection.Days, tokens,
            [.. WarningsOf(status, connection, tokens, state)]);
    }

    private static string StateOf(ProvisioningStatus status, ConnectionStatus connection, DateTimeOffset now) =>
        !status.IsOn ? "off"
        : status.PausedAt is not null || connection.PausedAt is not null ? "paused"
        : connection.LastRequest is null ? "untested"
        : connection.LastRequest.Status is 401 or 403 or >= 500 ? "failing"
        : connection.IsSilent(now, status.Settings.SilentHours) ? "silent"
        : "working";

    private static IEnumerable<string> WarningsOf(
        ProvisioningStatus status, ConnectionStatus connection, IReadOnlyList<TokenView> tokens, string state)
    {
        if (connection.IsBraked)
            yield return $"The connection is paused because {connection.PauseReason}. Look at what it sent, then resume it.";
        if (state == "silent")
            yield return $"It has sent nothing for more than {status.Settings.SilentHours} hours.";
        if (state == "failing") yield return $"Its last request was answered {connection.LastRequest!.Status}.";
        if (!tokens.Any(t => t.State is "valid" or "expiring")) yield return "It has no valid token, so its client cannot sign in.";
        else if (!tokens.Any(t => t.State == "valid"))
            foreach (var token in tokens.Where(t => t.Warning is not null)) yield return token.Warning!;
    }
}

/// <param name="Counted">How many the brake has counted in the stretch of time up to now.</param>
public sealed record BrakeView(int Changes, int Minutes, int Counted);

/// <summary>A token without its value.</summary>
/// <param name="State"><c>valid</c>, <c>expiring</c>, <c>expired</c>, <c>revoked</c> or <c>notYetValid</c>.</param>
/// <param name="DaysLeft">Whole days; null if it never expires.</param>
/// <param name="Warning">A sentence, when 30, 7 or 1 days are left or it has expired.</param>
public sealed record TokenView(
    Guid Id, string Kind, Guid? ConnectionId, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? NotBefore,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, string? LastUsedFrom, string State, int? DaysLeft,
    string? Warning)
{
    internal static TokenView Of(TokenStatus token, DateTimeOffset now) => new(
        token.Id, token.Kind, token.ConnectionId, token.Name, token.Prefix, token.CreatedAt, token.NotBefore, token.ExpiresAt, token.RevokedAt,
        token.LastUsedAt, token.LastUsedFrom, token.State(now), token.DaysLeft(now), TokenWarning.Of(token, now));
}

/// <summary>A token that was just issued: the only time that its value is shown.</summary>
public sealed record NewTokenView(string Value, TokenView Token);

/// <summary>What is said of a token that will soon be refused.</summary>
public static class TokenWarning
{
    /// <returns>Null while there is nothing to say.</returns>
    public static string? Of(TokenStatus token, DateTimeOffset now) => token.Urgency(now) switch
    {
        null => null,
        0 => $"The token {token.Prefix}… of {token.Name} has expired.",
        1 => $"The token {token.Prefix}… of {token.Name} expires within two days.",
        _ => $"The token {token.Prefix}… of {token.Name} expires in {token.DaysLeft(now)} days.",
    };
}

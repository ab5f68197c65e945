using System.Security.Claims;
using System.Text.Encodings.Web;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Directory.Api.Auth;

/// <summary>
/// Bearer tokens (RFC 6750) of SCIM connections and auditors. The value may come without "Bearer ", as the header mode of the OIN
/// wizard sends it.
/// </summary>
public sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0) return AuthenticateResult.NoResult();
        if (header.Count > 1) return AuthenticateResult.Fail("More than one Authorization header.");
        var token = Token(header.ToString());
        if (string.IsNullOrWhiteSpace(token)) return AuthenticateResult.Fail("The token is empty.");
        var (identity, refusal) = await tokens.Find(token, Context.RequestAborted);
        if (identity is null || refusal != TokenRefusal.None)
        {
            if (identity is not null) Context.Features.Set(new RefusedToken(identity));
            return AuthenticateResult.Fail(Sentence(identity, refusal));
        }

        Context.Features.Set(identity);
        var claims = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, identity.Name), new Claim(ClaimTypes.Role, identity.Role)], SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(claims), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        Response.Headers.WWWAuthenticate = failure is null ? "Bearer realm=\"directory\"" : "Bearer realm=\"directory\", error=\"invalid_token\"";
        await ErrorRendering.Write(Context, ScimError.Unauthorized(
            $"Authorization failed: {failure?.Message ?? "send a bearer token in the Authorization header."}"));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorRendering.Write(Context, ScimError.Forbidden("The token is valid, and its role does not allow this."));

    /// <summary>Whoever has the token may know what became of it.</summary>
    private static string Sentence(TokenIdentity? identity, TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.Expired => $"The token {identity!.Prefix}… expired at {ScimDateTime.Format(identity.ExpiresAt!.Value)}.",
        TokenRefusal.Revoked => $"The token {identity!.Prefix}… was revoked at {ScimDateTime.Format(identity.RevokedAt!.Value)}.",
        TokenRefusal.NotYetValid => $"The token {identity!.Prefix}… is not valid before {ScimDateTime.Format(identity.NotBefore!.Value)}.",
        _ => "The token is unknown.",
    };

    private static string Token(string header) =>
        header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim()
        : header.Contains(' ') ? "" : header.Trim();
}

/// <summary>A feature of a request that came with a token which was issued and is not taken.</summary>
public sealed record RefusedToken(TokenIdentity Identity);

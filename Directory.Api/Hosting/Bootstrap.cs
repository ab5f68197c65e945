using System.Security.Cryptography;
using Directory.Domain.Provisioning;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;
using Microsoft.AspNetCore.Identity;

namespace Directory.Api.Hosting;

/// <summary>
/// A first start makes the local administrator and an auditor's token. With a database of its own, or a configured SCIM token, it also
/// connects the first SCIM client and switches provisioning on; with somebody else's database that waits for an administrator. What it
/// made up itself it tells once on the console, never in the log; what was configured it tells nobody.
/// </summary>
public sealed class Bootstrap(ProvisioningStream provisioning, DirectorySettings settings, ILogger<Bootstrap> logger)
{
    private const int PasswordLength = 20;

    // Neither 0 and O nor 1, I and l: the password is read off a console.
    private const string PasswordAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <param name="hasOwnDatabase">Whether the service runs the database itself.</param>
    /// <param name="console">What was made up is told here.</param>
    /// <param name="cancellation">Given up.</param>
    public async Task Run(bool hasOwnDatabase, TextWriter console, CancellationToken cancellation)
    {
        var told = new List<string>();
        var origin = new Origin(DirectorySettings.DefaultTenant, Actor.Service, Guid.CreateVersion7().ToString());
        await provisioning.Bootstrap(origin, existing => First(existing, hasOwnDatabase, told), cancellation);
        if (told.Count == 0) return;
        await console.WriteLineAsync($"{Environment.NewLine}First start. Keep these; they are not shown again:{Environment.NewLine}"
            + string.Join(Environment.NewLine, told.Select(line => "  " + line)) + Environment.NewLine);
    }

    private FirstCredentials First(ExistingCredentials existing, bool hasOwnDatabase, List<string> told)
    {
        told.Clear();
        var given = settings.Bootstrap;
        var administrator = existing.Administrator ? null : Administrator(given.AdminPassword, told);
        return new FirstCredentials(
            Guid.CreateVersion7(),
            Token(given.ScimToken, "scim", hasOwnDatabase ? "SCIM token" : null, existing.Scim, told),
            given.ScimToken is null ? "on the first start, with the service's own database" : "on the first start, with the configured SCIM token",
            Token(given.AuditToken, "audit", "auditor's token", existing.Audit, told),
            Token(given.AdminToken, "admin", null, existing.Admin, told),
            administrator);
    }

    private static FirstAdministrator Administrator(string? given, List<string> told)
    {
        var password = given ?? RandomNumberGenerator.GetString(PasswordAlphabet, PasswordLength);
        if (given is null) told.Add($"administrator   {ProvisioningStream.AdministratorName}   one-time password   {password}");
        return new FirstAdministrator(
            Guid.CreateVersion7(), new PasswordHasher<string>().HashPassword(ProvisioningStream.AdministratorName, password),
            MustChangePassword: given is null);
    }

    /// <param name="given">What was configured: it counts while there is no valid token.</param>
    /// <param name="kind">Of the token.</param>
    /// <param name="label">What a token is called that is made up, null to make none up. Where there ever was one, none is.</param>
    /// <param name="existing">Those of its role.</param>
    /// <param name="told">For the console.</param>
    private FirstToken? Token(string? given, string kind, string? label, ExistingTokens existing, List<string> told)
    {
        if (given is { Length: < 16 } && !existing.Valid)
            logger.LogWarning("The configured {Kind} token has fewer than 16 characters and can be guessed; use a longer one", kind);
        if (given is not null) return existing.Valid ? null : new FirstToken(Guid.CreateVersion7(), given);
        if (label is null || existing.Ever) return null;
        var token = BearerToken.New(kind);
        told.Add($"{label}   {token}");
        return new FirstToken(Guid.CreateVersion7(), token);
    }
}

using System.Security.Cryptography;
using Directory.Domain.Provisioning;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;
using Microsoft.AspNetCore.Identity;

namespace Directory.Api.Hosting;

/// <summary>
/// The first start: makes the local administrator, the first SCIM token and the first auditor's token where there are none. What it
/// made up itself it tells once on the console, never in the log; what was configured it tells nobody.
/// </summary>
public sealed class Bootstrap(ProvisioningStream provisioning, DirectorySettings settings, ILogger<Bootstrap> logger)
{
    private const int PasswordLength = 20;

    // Neither 0 and O nor 1, I and l: the password is read off a console.
    private const string PasswordAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public async Task Run(TextWriter console, CancellationToken cancellation)
    {
        var told = new List<string>();
        var origin = new Origin(DirectorySettings.DefaultTenant, Actor.Service, Guid.CreateVersion7().ToString());
        await provisioning.Bootstrap(origin, existing => First(existing, told), cancellation);
        if (told.Count == 0) return;
        await console.WriteLineAsync($"{Environment.NewLine}First start. Keep these; they are not shown again:{Environment.NewLine}"
            + string.Join(Environment.NewLine, told.Select(line => "  " + line)) + Environment.NewLine);
    }

    private FirstCredentials First(ExistingCredentials existing, List<string> told)
    {
        told.Clear();
        var given = settings.Bootstrap;
        var password = given.AdminPassword ?? RandomNumberGenerator.GetString(PasswordAlphabet, PasswordLength);
        if (!existing.Administrator && given.AdminPassword is null)
            told.Add($"administrator   {ProvisioningStream.AdministratorName}   one-time password   {password}");
        return new FirstCredentials(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(), Token(given.ScimToken, "scim", "SCIM token", existing.Scim, told),
            Guid.CreateVersion7(), Token(given.AuditToken, "audit", "auditor's token", existing.Audit, told),
            Guid.CreateVersion7(), new PasswordHasher<string>().HashPassword(ProvisioningStream.AdministratorName, password),
            MustChangePassword: given.AdminPassword is null);
    }

    private string? Token(string? given, string kind, string label, bool exists, List<string> told)
    {
        if (exists) return null;
        if (given is { Length: < 16 })
            logger.LogWarning("The configured {Kind} token has fewer than 16 characters and can be guessed; use a longer one", kind);
        if (given is not null) return given;
        var token = BearerToken.New(kind);
        told.Add($"{label}   {token}");
        return token;
    }
}

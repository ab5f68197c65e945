using Directory.Api.Hosting;
using Directory.Projections.Provisioning;

namespace Directory.Api.Sessions;

/// <summary>Sign-in by an OpenID provider, below <c>Directory:OpenIdConnect</c>; there is none unless an authority is named.</summary>
/// <param name="Authority">The provider's issuer, such as <c>https://example.okta.com</c>.</param>
/// <param name="RoleClaim">The claim whose values are looked for in the two lists.</param>
/// <param name="Admins">Values that make an administrator.</param>
/// <param name="Auditors">Values that make an auditor.</param>
public sealed record OpenIdSettings(
    Uri Authority, string ClientId, string ClientSecret, string RoleClaim, IReadOnlyList<string> Admins, IReadOnlyList<string> Auditors,
    IReadOnlyList<string> Scopes)
{
    /// <exception cref="SettingException">A setting is missing or unusable.</exception>
    public static OpenIdSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Directory:OpenIdConnect");
        if (section["Authority"] is not { Length: > 0 } authority) return null;
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri) || !(uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)))
            throw new SettingException($"{section.Path}:Authority must be an https address, and is '{authority}'.");
        var settings = new OpenIdSettings(
            uri, Demand("ClientId"), Demand("ClientSecret"), section["RoleClaim"] is { Length: > 0 } claim ? claim : "groups",
            List("Admins"), List("Auditors"), [.. List("Scopes").DefaultIfEmpty("profile")]);
        return settings.Admins.Count + settings.Auditors.Count > 0 ? settings
            : throw new SettingException($"{section.Path} needs Admins or Auditors: the values of the claim '{settings.RoleClaim}' that may sign in.");

        string Demand(string name) => section[name] is { Length: > 0 } value ? value : throw new SettingException($"{section.Path}:{name} is missing.");

        IReadOnlyList<string> List(string name) =>
            (section[name] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The role of somebody with these values of the claim: the greater one of several, null for none.</summary>
    public string? Role(IEnumerable<string> values)
    {
        var had = values.ToHashSet(StringComparer.Ordinal);
        return Admins.Any(had.Contains) ? TokenIdentity.Admin : Auditors.Any(had.Contains) ? TokenIdentity.Auditor : null;
    }
}

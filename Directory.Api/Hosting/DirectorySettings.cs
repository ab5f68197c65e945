using Directory.Domain.Provisioning;

namespace Directory.Api.Hosting;

/// <summary>The settings below <c>Directory:</c>. Every one of them is in the README's table.</summary>
public sealed class DirectorySettings
{
    public const string Section = "Directory";

    /// <summary>The address clients reach the service by, without a path: <c>https://directory.example.com</c>. Null: the request's.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>The default directory.</summary>
    public const string DefaultTenant = "default";

    public BootstrapSettings Bootstrap { get; init; } = new();

    public LimitSettings Limits { get; init; } = new();

    /// <summary>The file with the extension schemas of this installation, see docs/custom-schemas.md; null for none.</summary>
    public string? SchemaFile { get; init; }

    /// <summary>The file with the roles and entitlements that Okta may discover, see docs/entitlements.md; null for none.</summary>
    public string? EntitlementsFile { get; init; }

    /// <summary>Whether the connections of a directory may change users and groups that another of them manages.</summary>
    public bool ShareResources { get; init; }

    /// <summary>The log of requests is kept for so many days.</summary>
    public int RequestLogDays { get; init; } = 90;

    /// <summary>The log of who read the audit and who administered is kept for so many days.</summary>
    public int AccessLogDays { get; init; } = 365;

    /// <exception cref="SettingException">A setting is unusable; says which and why.</exception>
    public static DirectorySettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var publicUrl = section[nameof(PublicUrl)]?.TrimEnd('/');
        if (publicUrl is { Length: > 0 }
            && !(Uri.TryCreate(publicUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0))
            throw new SettingException($"Directory:PublicUrl must be an http or https address without a query, and is '{publicUrl}'.");
        var bootstrap = section.GetSection(nameof(Bootstrap));
        return new DirectorySettings
        {
            PublicUrl = string.IsNullOrEmpty(publicUrl) ? null : publicUrl,
            Bootstrap = new BootstrapSettings
            {
                ScimToken = Token(bootstrap, nameof(BootstrapSettings.ScimToken)),
                AuditToken = Token(bootstrap, nameof(BootstrapSettings.AuditToken)),
                AdminToken = Token(bootstrap, nameof(BootstrapSettings.AdminToken)),
                AdminPassword = Text(bootstrap, nameof(BootstrapSettings.AdminPassword)),
            },
            Limits = LimitSettings.Read(section.GetSection(nameof(Limits))),
            SchemaFile = section[nameof(SchemaFile)] is { Length: > 0 } schemas ? schemas : null,
            EntitlementsFile = section[nameof(EntitlementsFile)] is { Length: > 0 } entitlements ? entitlements : null,
            ShareResources = Flag(section.GetSection("Connections"), nameof(ShareResources)),
            RequestLogDays = LimitSettings.Number(section.GetSection("RequestLog"), "RetentionDays", 90, least: 1),
            AccessLogDays = LimitSettings.Number(section.GetSection("AccessLog"), "RetentionDays", 365, least: 1),
        };
    }

    private static string? Token(IConfigurationSection section, string name) =>
        Text(section, name) is not { } token || BearerToken.CanBeValid(token) ? Text(section, name)
        : throw new SettingException(
            $"{section.Path}:{name} begins like a token that the service makes, and its checksum is wrong: it would be refused. Choose one of another form.");

    private static bool Flag(IConfigurationSection section, string name) =>
        section[name] is { Length: > 0 } text
        && (bool.TryParse(text, out var flag) ? flag : throw new SettingException($"{section.Path}:{name} must be true or false, and is '{text}'."));

    private static string? Text(IConfigurationSection section, string name) =>
        section[name] is not { Length: > 0 } value ? null
        : string.IsNullOrWhiteSpace(value) || value.Any(char.IsWhiteSpace)
            ? throw new SettingException($"{section.Path}:{name} must not contain white space.")
            : value;
}

/// <summary>A setting is unusable. The message says which and why, for whoever started the service, and is printed as it is.</summary>
public sealed class SettingException(string message) : Exception(message);

/// <summary>Credentials for automation, each used only while there is no valid one of its kind.</summary>
public sealed class BootstrapSettings
{
    public string? ScimToken { get; init; }
    public string? AuditToken { get; init; }
    public string? AdminToken { get; init; }
    public string? AdminPassword { get; init; }
}

/// <summary>How much one client may ask for at once. The defaults let a first import run at full speed.</summary>
public sealed class LimitSettings
{
    /// <summary>Requests of one client that are worked on at the same time.</summary>
    public int RequestsInFlight { get; init; } = 64;

    /// <summary>Requests of one client that may wait for that; beyond them 429.</summary>
    public int RequestsWaiting { get; init; } = 256;

    /// <summary>Requests of one client in a second, 0 for no such limit.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>Attempts to sign in from one address in a minute.</summary>
    public int SignInsPerMinute { get; init; } = 5;

    /// <exception cref="SettingException">A limit is not a whole number that makes sense.</exception>
    public static LimitSettings Read(IConfigurationSection section) => new()
    {
        RequestsInFlight = Number(section, nameof(RequestsInFlight), 64, least: 1),
        RequestsWaiting = Number(section, nameof(RequestsWaiting), 256, least: 0),
        RequestsPerSecond = Number(section, nameof(RequestsPerSecond), 0, least: 0),
        SignInsPerMinute = Number(section, nameof(SignInsPerMinute), 5, least: 1),
    };

    internal static int Number(IConfigurationSection section, string name, int otherwise, int least) =>
        section[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw new SettingException($"{section.Path}:{name} must be a whole number of at least {least}, and is '{text}'.");
}

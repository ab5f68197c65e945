using System.Security.Claims;
using Directory.Api.Hosting;
using Directory.Api.Pages;
using Directory.Projections.Administrators;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Directory.Api.Sessions;

/// <summary>
/// The cookie of the pages. It holds the secret of a session that lies in the database, where it ends by itself, by signing out and
/// when the password changes. It opens no endpoint of /api.
/// </summary>
public static class Sessions
{
    public const string SchemeName = "Session", CookieName = "directory-session", SignInPath = "/sign-in";

    private const string Secret = "session";

    public static IServiceCollection AddSessions(this IServiceCollection services, DirectorySettings settings)
    {
        services.AddSingleton<ProtectionKeys>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<AdministratorStream>();
        services.AddSingleton<PasswordSignIn>();
        services.AddDataProtection().SetApplicationName("Directory");
        services.AddOptions<KeyManagementOptions>().Configure<ProtectionKeys>((options, keys) => options.XmlRepository = new ProtectionKeyRing(keys));
        services.AddAuthentication().AddCookie(SchemeName, options =>
        {
            options.Cookie.Name = CookieName;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax; // Strict would lose the session on the way back from an OpenID provider
            options.Cookie.SecurePolicy = Secure(settings);
            options.ExpireTimeSpan = SessionStore.Longest;
            options.SlidingExpiration = false;
            options.Events.OnValidatePrincipal = Validate;
            options.Events.OnRedirectToLogin = Ask;
            options.Events.OnRedirectToAccessDenied = Refuse;
        });
        return services;
    }

    /// <summary>Behind a proxy that ends TLS a request looks like plain http; the public address says what the browser sees.</summary>
    public static CookieSecurePolicy Secure(DirectorySettings settings) =>
        settings.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    /// <summary>Whoever is signed in, null for nobody.</summary>
    public static SessionIdentity? SignedIn(this HttpContext context) => context.Features.Get<SessionIdentity>();

    /// <summary>Starts a session and sends its cookie.</summary>
    public static async Task StartSession(
        this HttpContext context, string tenant, Guid? accountId, string subject, string name, string role)
    {
        var sessions = context.RequestServices.GetRequiredService<SessionStore>();
        var secret = await sessions.Start(tenant, accountId, subject, name, role, context.RequestAborted);
        var identity = new ClaimsIdentity([new Claim(Secret, secret)], SchemeName);
        await context.SignInAsync(SchemeName, new ClaimsPrincipal(identity));
    }

    /// <summary>Ends the session in the database and takes the cookie back.</summary>
    public static async Task EndSession(this HttpContext context)
    {
        if (context.SignedIn() is { } session)
            await context.RequestServices.GetRequiredService<SessionStore>().End(session.SessionHash, context.RequestAborted);
        await context.SignOutAsync(SchemeName);
    }

    private static async Task Validate(CookieValidatePrincipalContext cookie)
    {
        var context = cookie.HttpContext;
        var sessions = context.RequestServices.GetRequiredService<SessionStore>();
        if (cookie.Principal?.FindFirstValue(Secret) is not { } secret
            || await sessions.Find(secret, context.RequestAborted) is not { } session)
        {
            cookie.RejectPrincipal();
            return;
        }

        context.Features.Set(session);
        // Name and role are the database's, not the cookie's: what an administrator loses is lost at once.
        cookie.ReplacePrincipal(new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, session.Subject), new Claim(ClaimTypes.Name, session.Name),
                new Claim(ClaimTypes.Role, session.Role), new Claim(Auth.Roles.PasswordClaim, session.MustChangePassword ? Auth.Roles.PasswordDue : ""),
            ],
            SchemeName, ClaimTypes.Name, ClaimTypes.Role)));
    }

    // Without the host: behind a proxy the service knows neither the name nor the scheme that the browser sees.
    private static Task Ask(RedirectContext<CookieAuthenticationOptions> challenge)
    {
        var request = challenge.Request;
        var wanted = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : "/";
        challenge.Response.Redirect($"{request.PathBase}{SignInPath}?returnUrl={Uri.EscapeDataString(wanted)}");
        return Task.CompletedTask;
    }

    private static Task Refuse(RedirectContext<CookieAuthenticationOptions> refused)
    {
        if (refused.HttpContext.SignedIn() is { MustChangePassword: true }) refused.Response.Redirect(refused.Request.PathBase + "/account/password");
        else refused.Response.StatusCode = StatusCodes.Status403Forbidden; // rendered as every refusal is
        return Task.CompletedTask;
    }
}

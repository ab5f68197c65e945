using System.Security.Claims;
using Directory.Api.Hosting;
using Directory.Api.Pages;
using Directory.Api.Protocol;
using Directory.Domain.Administrators;
using Directory.Projections.Administrators;
using Directory.Projections.Streams;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Directory.Api.Sessions;

/// <summary>
/// Sign-in by an OpenID provider (code flow with PKCE). The provider says who somebody is; what the person may do here is said by the
/// values of one claim. Whoever has none of them is refused, and that is an event as any other refusal.
/// </summary>
public static class OpenIdSignIn
{
    public const string SchemeName = "OpenId", Path = "/sign-in/openid";

    private const string CallbackPath = "/sign-in/callback";

    public static void AddOpenIdSignIn(this IServiceCollection services, DirectorySettings directory, OpenIdSettings settings)
    {
        services.AddSingleton(settings);
        services.AddAuthentication().AddOpenIdConnect(SchemeName, options =>
        {
            options.Authority = settings.Authority.ToString();
            options.ClientId = settings.ClientId;
            options.ClientSecret = settings.ClientSecret;
            options.RequireHttpsMetadata = settings.Authority.Scheme == "https";
            options.ResponseType = OpenIdConnectResponseType.Code;
            // A form that the provider sends across would come without our cookies.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.GetClaimsFromUserInfoEndpoint = true;
            options.CallbackPath = CallbackPath;
            options.SignInScheme = Sessions.SchemeName;
            foreach (var scope in settings.Scopes) options.Scope.Add(scope);
            foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
                (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, Sessions.Secure(directory));
            options.Events.OnRedirectToIdentityProvider = challenge =>
            {
                if (directory.PublicUrl is { } address) challenge.ProtocolMessage.RedirectUri = address + CallbackPath;
                return Task.CompletedTask;
            };
            options.Events.OnTicketReceived = Receive;
            options.Events.OnRemoteFailure = Refuse;
        });
    }

    public static void MapOpenIdSignIn(this WebApplication app)
    {
        if (app.Services.GetService<OpenIdSettings>() is null) return;
        app.MapGet(Path, (string? returnUrl) => Results.Challenge(new AuthenticationProperties { RedirectUri = LocalAddress.Of(returnUrl) }, [SchemeName]))
            .AllowAnonymous().ExcludeFromDescription();
    }

    // The ticket is good: signature, issuer, audience, nonce and state have been checked.
    private static async Task Receive(TicketReceivedContext ticket)
    {
        var context = ticket.HttpContext;
        var settings = context.RequestServices.GetRequiredService<OpenIdSettings>();
        var person = ticket.Principal!;
        var subject = person.FindFirstValue("sub") ?? "";
        var name = person.FindFirstValue("preferred_username") ?? person.FindFirstValue("email") ?? person.FindFirstValue("name") ?? subject;
        ticket.HandleResponse();
        if (settings.Role(person.FindAll(settings.RoleClaim).Select(c => c.Value)) is not { } role)
        {
            await Record(context, null, new AdministratorSignInFailed(null, name, $"the OpenID provider vouches for this person, and no value of the claim '{settings.RoleClaim}' gives a role"));
            context.Response.Redirect($"{Sessions.SignInPath}?refused=role");
            return;
        }

        await Record(context, new Actor(Actor.Admin, subject, name), new AdministratorSignedIn(null, name, role, "openid"));
        await context.StartSession(DirectorySettings.DefaultTenant, null, subject, name, role);
        context.Response.Redirect(LocalAddress.Of(ticket.ReturnUri));
    }

    // What the provider wrote stays out of the event: anybody can send a callback.
    private static async Task Refuse(RemoteFailureContext failure)
    {
        failure.HandleResponse();
        await Record(failure.HttpContext, null, new AdministratorSignInFailed(null, null, "the answer of the OpenID provider was not accepted"));
        failure.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdSignIn))
            .LogWarning(failure.Failure, "The answer of the OpenID provider was not accepted");
        failure.Response.Redirect($"{Sessions.SignInPath}?refused=provider");
    }

    private static Task Record(HttpContext context, Actor? who, object happened) =>
        context.RequestServices.GetRequiredService<AdministratorStream>().Record(context.SignInOrigin(who), [happened], context.RequestAborted);
}

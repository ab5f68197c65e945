using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace Directory.Tests.Pages;

/// <summary>Whom the provider vouches for.</summary>
public sealed record Person(string Subject, string Name, params string[] Groups);

/// <summary>
/// An OpenID provider (OpenIddict) on a port of this machine, with one client and whichever person the test puts in front of it. What
/// it signs may be spoiled first, as another provider or an attacker would have it.
/// </summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "directory", ClientSecret = "a-secret-of-the-client";

    private WebApplication? app;

    public Person Person { get; set; } = new("s-1", "ada@example.com");

    /// <summary>Changes an id token before it is signed.</summary>
    public Action<SecurityTokenDescriptor> Spoil { get; set; } = _ => { };

    public Uri Address => new(app!.Urls.Single());

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.RegisterScopes(Scopes.Profile);
            server.EnableDegradedMode(); // without a store of clients; the one client is checked below
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(b => b.UseInlineHandler(request =>
            {
                if (request.ClientId != ClientId) request.Reject(Errors.InvalidClient);
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(b => b.UseInlineHandler(request =>
            {
                if (request.ClientId != ClientId || request.ClientSecret != ClientSecret) request.Reject(Errors.InvalidClient);
                return default;
            }));
            server.AddEventHandler<HandleAuthorizationRequestContext>(b => b.UseInlineHandler(request =>
            {
                var identity = new ClaimsIdentity("provider", Claims.Name, Claims.Role);
                identity.SetClaim(Claims.Subject, Person.Subject).SetClaim(Claims.PreferredUsername, Person.Name);
                identity.AddClaims("groups", [.. Person.Groups]);
                identity.SetDestinations(_ => [Destinations.IdentityToken]);
                request.Principal = new ClaimsPrincipal(identity).SetScopes(request.Request.GetScopes());
                return default;
            }));
            server.AddEventHandler<GenerateTokenContext>(b => b.SetOrder(GenerateIdentityModelToken.Descriptor.Order - 1).UseInlineHandler(token =>
            {
                if (token.TokenType == TokenTypeIdentifiers.IdentityToken) Spoil(token.SecurityTokenDescriptor);
                return default;
            }));
        });
        app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }
}

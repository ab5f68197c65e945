using Directory.Projections.Provisioning;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Directory.Api.Auth;

/// <summary>Who may do what. An endpoint that names no policy is closed to everybody who has not signed in.</summary>
public static class Roles
{
    public const string ScimPolicy = "scim", AuditPolicy = "audit", AdminPolicy = "admin";

    public static IServiceCollection AddRoles(this IServiceCollection services)
    {
        services.AddAuthentication(BearerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(ScimPolicy, p => p.AddAuthenticationSchemes(BearerAuthentication.SchemeName).RequireRole(TokenIdentity.Provisioner))
            .AddPolicy(AuditPolicy, p => p.AddAuthenticationSchemes(BearerAuthentication.SchemeName).RequireRole(TokenIdentity.Auditor))
            .AddPolicy(AdminPolicy, p => p.AddAuthenticationSchemes(BearerAuthentication.SchemeName).RequireRole(TokenIdentity.Admin));
        return services;
    }
}

using Directory.Api.Pages;
using Directory.Projections.Provisioning;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Directory.Api.Auth;

/// <summary>Who may do what. An endpoint that names no policy is closed to everybody who has not signed in.</summary>
public static class Roles
{
    public const string ScimPolicy = "scim", AuditPolicy = "audit", AdminPolicy = "admin";

    /// <summary>Pages: of the own account, for auditors and administrators, for administrators only.</summary>
    public const string AccountPage = "page.account", AuditPage = "page.audit", AdminPage = "page.admin";

    internal const string PasswordClaim = "password", PasswordDue = "due";

    private const string ByPath = "ByPath";

    public static IServiceCollection AddRoles(this IServiceCollection services)
    {
        services.AddAuthentication(ByPath)
            .AddPolicyScheme(ByPath, null, options => options.ForwardDefaultSelector = context => IsPage(context) ? Sessions.Sessions.SchemeName : BearerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(ScimPolicy, p => p.AddAuthenticationSchemes(BearerAuthentication.SchemeName).RequireRole(TokenIdentity.Provisioner))
            .AddPolicy(AuditPolicy, p => p.AddAuthenticationSchemes(BearerAuthentication.SchemeName).RequireRole(TokenIdentity.Auditor))
            .AddPolicy(AdminPolicy, p => p.AddAuthenticationSchemes(BearerAuthentication.SchemeName).RequireRole(TokenIdentity.Admin))
            .AddPolicy(AccountPage, p => p.AddAuthenticationSchemes(Sessions.Sessions.SchemeName).RequireAuthenticatedUser())
            .AddPolicy(AuditPage, p => Page(p, TokenIdentity.Auditor, TokenIdentity.Admin))
            .AddPolicy(AdminPage, p => Page(p, TokenIdentity.Admin));
        return services;
    }

    // A file of the pages needs nobody, so no session is looked up for it.
    private static bool IsPage(HttpContext context) =>
        !PageRoutes.IsForMachines(context.Request.Path)
        && context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null;

    // Whoever has a password that was given out sees no page before it is replaced.
    private static void Page(AuthorizationPolicyBuilder policy, params string[] roles) => policy
        .AddAuthenticationSchemes(Sessions.Sessions.SchemeName).RequireRole(roles)
        .RequireAssertion(context => !context.User.HasClaim(PasswordClaim, PasswordDue));
}

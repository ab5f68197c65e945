using Directory.Api.Hosting;
using Directory.Api.Pages.Trail;
using Directory.Api.Sessions;
using Microsoft.AspNetCore.Antiforgery;

namespace Directory.Api.Pages;

/// <summary>The pages: Razor components rendered on the server, the files below wwwroot, and what surrounds them.</summary>
public static class PageRoutes
{
    private static readonly string[] ForMachines = ["/api", "/health", "/openapi", "/scalar"];

    /// <summary>Whether a path is an interface for programs and not a page; one that begins with several slashes too.</summary>
    public static bool IsForMachines(PathString path)
    {
        var one = path.Value is ['/', '/', ..] text ? new PathString("/" + text.TrimStart('/')) : path;
        return ForMachines.Any(p => one.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));
    }

    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder, DirectorySettings settings)
    {
        // Run from the build output as much as from a published folder, in every environment.
        builder.WebHost.UseStaticWebAssets();
        // In a build the framework would add a route for any name of a file, which would answer for paths of the API too.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.Services.AddRazorComponents();
        builder.Services.AddSessions(settings);
        if (OpenIdSettings.Read(builder.Configuration) is { } openId) builder.Services.AddOpenIdSignIn(settings, openId);
        builder.Services.AddSignInLimit(settings.Limits);
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "directory-form";
            options.Cookie.SecurePolicy = Sessions.Sessions.Secure(settings);
            options.SuppressXFrameOptionsHeader = true; // PageHeaders says so more strictly
        });
        return builder;
    }

    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.Use(RefuseForgery);
        return app;
    }

    public static WebApplication MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapOpenIdSignIn();
        app.MapRazorComponents<App>();
        app.MapDownloads();
        return app;
    }

    // A component would answer 400; a form without our token is not malformed, it is refused.
    private static Task RefuseForgery(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }) return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

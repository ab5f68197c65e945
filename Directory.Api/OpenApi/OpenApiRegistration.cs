using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Directory.Api.OpenApi;

/// <summary>The description of the API at <c>/openapi/v1.json</c>, and in development a page to browse it at <c>/scalar</c>.</summary>
public static class OpenApiRegistration
{
    // The page that the package makes has a script within it and makes code at run time; it is there in development only, and loads nothing from elsewhere.
    private const string BrowsingPolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services
        .AddSingleton<ComponentFiles>()
        .AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddOperationTransformer<OperationDescription>();
            options.AddDocumentTransformer<ApiDocument>();
        });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        if (!app.Environment.IsDevelopment()) return;
        var page = app.MapScalarApiReference("/scalar", page => page.WithTitle("Directory").DisableDefaultFonts().DisableTelemetry());
        page.AllowAnonymous();
        page.Add(endpoint =>
        {
            var show = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                context.Response.Headers.ContentSecurityPolicy = BrowsingPolicy;
                return show(context);
            };
        });
    }
}

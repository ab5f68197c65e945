using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Directory.Api.OpenApi;

/// <summary>The description of the API at <c>/openapi/v1.json</c>, and in development a page to browse it at <c>/scalar</c>.</summary>
public static class OpenApiRegistration
{
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
        if (app.Environment.IsDevelopment()) app.MapScalarApiReference("/scalar", page => page.WithTitle("Directory")).AllowAnonymous();
    }
}

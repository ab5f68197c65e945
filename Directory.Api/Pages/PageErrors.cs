using Directory.Domain.Scim;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Directory.Api.Pages;

/// <summary>Refusals and faults as a page, for whoever asks with a browser.</summary>
public static class PageErrors
{
    /// <summary>Whether the answer goes to a person: not below /api and the like, and HTML is wanted.</summary>
    public static bool WantsPage(HttpContext context) =>
        !PageRoutes.IsForMachines(context.Request.Path)
        && context.Request.Headers[HeaderNames.Accept].ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static async Task Write(HttpContext context, ScimError error)
    {
        // The page that failed has left its renderer, and a header, half used: the error is rendered with services of its own.
        context.Response.Headers.Remove("blazor-enhanced-nav");
        var services = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        try
        {
            context.RequestServices = scope.ServiceProvider;
            await new RazorComponentResult<ErrorDocument>(new { Error = error }) { StatusCode = error.Status }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}

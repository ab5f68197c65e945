using Directory.Domain.Scim;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Directory.Api.Pages;

/// <summary>Refusals and faults as a page, for whoever asks with a browser.</summary>
public static class PageErrors
{
    private static readonly string[] SaidByPages = ["blazor-enhanced-nav", "ssr-framing"];

    /// <summary>Whether the answer goes to a person: not below /api and the like, and HTML is wanted.</summary>
    public static bool WantsPage(HttpContext context) =>
        !PageRoutes.IsForMachines(context.Request.Path)
        && context.Request.Headers[HeaderNames.Accept].ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static async Task Write(HttpContext context, ScimError error)
    {
        // A page that failed has said to the script already that it is one, and has used up the renderer of this request.
        foreach (var header in SaidByPages) context.Response.Headers.Remove(header);
        var services = context.RequestServices;
        await using var another = services.CreateAsyncScope();
        context.RequestServices = another.ServiceProvider;
        try
        {
            await new RazorComponentResult<ErrorDocument>(new { Error = error }) { StatusCode = error.Status }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}

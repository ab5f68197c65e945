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

    public static Task Write(HttpContext context, ScimError error) =>
        new RazorComponentResult<ErrorDocument>(new { Error = error }) { StatusCode = error.Status }.ExecuteAsync(context);
}

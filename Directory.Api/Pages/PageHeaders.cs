using Directory.Api.Hosting;

namespace Directory.Api.Pages;

/// <summary>
/// What browsers are told about everything that is not an interface for machines: nothing is loaded from elsewhere, nothing runs that
/// is not a file of ours, nobody frames us, and nothing is kept in a cache.
/// </summary>
public sealed class PageHeaders(RequestDelegate next, DirectorySettings settings)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private readonly bool _isPublicHttps = settings.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (!PageRoutes.IsForMachines(context.Request.Path))
        {
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XFrameOptions = "DENY";
            headers.CacheControl = "no-store"; // the files below wwwroot say otherwise themselves
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            context.Response.OnStarting(StayOnHost, context);
        }

        if (context.Request.IsHttps || _isPublicHttps) headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    }

    // Behind a proxy the service knows neither the name nor the scheme that the browser sees, and the framework puts both into redirects.
    private static Task StayOnHost(object state)
    {
        var context = (HttpContext)state;
        var here = $"{context.Request.Scheme}://{context.Request.Host}";
        if (context.Response.Headers.Location.ToString() is var target && target.StartsWith(here + "/", StringComparison.OrdinalIgnoreCase))
            context.Response.Headers.Location = target[here.Length..];
        return Task.CompletedTask;
    }
}

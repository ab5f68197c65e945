using Directory.Api.Pages;
using Directory.Domain.Scim;

namespace Directory.Api.Protocol;

/// <summary>
/// The one place where failures become answers: the SCIM error message below <see cref="ScimAddress.Path"/>, a page for a browser,
/// problem details (RFC 9457) elsewhere; for refusals, faults and what routing answers alike.
/// </summary>
public sealed class ErrorRendering(RequestDelegate next, Failures failures)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await Write(context, failures.Error(context, e));
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            await Write(context, Unrouted(context));
    }

    public static Task Write(HttpContext context, ScimError error)
    {
        context.Features.Set(error); // for the request log
        context.Response.Headers.ContentLocation = default;
        if (error.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (context.Request.Path.StartsWithSegments("/api/scim", StringComparison.OrdinalIgnoreCase)) return ScimJson.Write(context, error);
        if (PageErrors.WantsPage(context)) return PageErrors.Write(context, error);
        return Results.Problem(error.Detail, statusCode: error.Status, type: error.ScimType is null ? null : $"urn:directory:error:{error.ScimType}")
            .ExecuteAsync(context);
    }

    private static ScimError Unrouted(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ScimError.NoEndpoint(context.Request.Path),
        StatusCodes.Status405MethodNotAllowed => ScimError.MethodNotAllowed(context.Request.Method),
        StatusCodes.Status415UnsupportedMediaType => ScimError.UnsupportedMediaType(context.Request.ContentType),
        var status => new ScimError(status, null, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
    };
}

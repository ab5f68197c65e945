using Directory.Domain.Scim;
using Npgsql;

namespace Directory.Api.Protocol;

/// <summary>
/// The one place where failures become answers: the SCIM error message below <see cref="ScimAddress.Path"/>, problem details (RFC 9457)
/// elsewhere, for refusals, faults and what routing answers alike.
/// </summary>
public sealed partial class ErrorRendering(RequestDelegate next, ILogger<ErrorRendering> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await Write(context, Error(context, e));
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            await Write(context, Unrouted(context));
    }

    public static Task Write(HttpContext context, ScimError error)
    {
        context.Features.Set(error); // for the request log
        context.Response.Headers.ContentLocation = default;
        if (context.Request.Path.StartsWithSegments("/api/scim", StringComparison.OrdinalIgnoreCase)) return ScimJson.Write(context, error);
        return Results.Problem(error.Detail, statusCode: error.Status, type: error.ScimType is null ? null : $"urn:directory:error:{error.ScimType}")
            .ExecuteAsync(context);
    }

    private ScimError Error(HttpContext context, Exception e)
    {
        switch (e)
        {
            case ScimException refusal:
                return refusal.Error;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ScimError.PayloadTooLarge(context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0);
            case BadHttpRequestException bad:
                return new ScimError(bad.StatusCode, null, "The request could not be read.");
            case NpgsqlException { IsTransient: true }:
                context.Response.Headers.RetryAfter = "5";
                LogFailure(logger, e, context.TraceIdentifier);
                return ScimError.Unavailable("The database does not answer; try again in 5 s.");
            default:
                LogFailure(logger, e, context.TraceIdentifier);
                return ScimError.Internal(context.TraceIdentifier);
        }
    }

    private static ScimError Unrouted(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ScimError.NoEndpoint(context.Request.Path),
        StatusCodes.Status405MethodNotAllowed => ScimError.MethodNotAllowed(context.Request.Method),
        StatusCodes.Status415UnsupportedMediaType => ScimError.UnsupportedMediaType(context.Request.ContentType),
        var status => new ScimError(status, null, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
    };

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed")]
    private static partial void LogFailure(ILogger logger, Exception exception, string requestId);
}

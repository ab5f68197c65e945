using Directory.Domain.Scim;
using Npgsql;

namespace Directory.Api.Protocol;

/// <summary>What an exception means to the client. Faults of the server are logged here, and their details stay here.</summary>
public sealed partial class Failures(ILogger<Failures> logger)
{
    public ScimError Error(HttpContext context, Exception e)
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

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed")]
    private static partial void LogFailure(ILogger logger, Exception exception, string requestId);
}

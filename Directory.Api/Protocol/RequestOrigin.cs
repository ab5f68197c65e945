using System.Diagnostics;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;

namespace Directory.Api.Protocol;

/// <summary>Tells the event store who sent a request, from where and under which id.</summary>
public static class RequestOrigin
{
    private const int LongestUserAgent = 256, LongestPath = 1024;

    public static TokenIdentity Identity(this HttpContext context) =>
        context.Features.Get<TokenIdentity>() ?? throw new InvalidOperationException("The endpoint is not behind a token.");

    public static string Tenant(this HttpContext context) => context.Identity().TenantId;

    public static Origin Origin(this HttpContext context, string? bodyHash = null)
    {
        var identity = context.Identity();
        var request = context.Request;
        return new Origin(
            identity.TenantId,
            new Actor(
                identity.Role == TokenIdentity.Admin ? Actor.Admin : Actor.Scim,
                (identity.ConnectionId ?? (identity.Role == TokenIdentity.Admin ? identity.TokenId : null))?.ToString(), identity.Name, identity.TokenId.ToString(), identity.Prefix),
            context.TraceIdentifier, Activity.Current?.TraceId.ToHexString(), request.Method,
            Cut(request.PathBase + request.Path, LongestPath), Cut(request.Headers.IfMatch.ToString(), LongestUserAgent), bodyHash,
            context.Connection.RemoteIpAddress?.ToString(), Cut(request.Headers.UserAgent.ToString(), LongestUserAgent));
    }

    private static string? Cut(string? text, int length) => string.IsNullOrEmpty(text) ? null : text.Length <= length ? text : text[..length];
}

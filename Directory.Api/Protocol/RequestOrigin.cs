using System.Diagnostics;
using Directory.Api.Hosting;
using Directory.Api.Sessions;
using Directory.Projections.Provisioning;
using Directory.Projections.Streams;

namespace Directory.Api.Protocol;

/// <summary>Tells the event store who sent a request, from where and under which id.</summary>
public static class RequestOrigin
{
    private const int LongestUserAgent = 256, LongestPath = 1024;

    public static TokenIdentity Identity(this HttpContext context) =>
        context.Features.Get<TokenIdentity>() ?? throw new InvalidOperationException("The endpoint is not behind a token.");

    /// <summary>The directory of the token, or of the session on a page.</summary>
    public static string Tenant(this HttpContext context) => context.SignedIn()?.TenantId ?? context.Identity().TenantId;

    /// <summary>Where a change comes from: the token's owner, or whoever is signed in on a page.</summary>
    public static Origin Origin(this HttpContext context, string? bodyHash = null)
    {
        if (context.SignedIn() is { } session) return Of(context, session.TenantId, new Actor(Actor.Admin, session.Subject, session.Name), bodyHash);
        var identity = context.Identity();
        return Of(context, identity.TenantId, new Actor(
            identity.Role == TokenIdentity.Admin ? Actor.Admin : Actor.Scim,
            (identity.ConnectionId ?? (identity.Role == TokenIdentity.Admin ? identity.TokenId : null))?.ToString(), identity.Name, identity.TokenId.ToString(), identity.Prefix),
            bodyHash);
    }

    /// <summary>The origin of a sign-in; of a refused one the actor is nobody, for it may have been anybody.</summary>
    public static Origin SignInOrigin(this HttpContext context, Actor? who) => Of(context, DirectorySettings.DefaultTenant, who ?? Actor.Service);

    private static Origin Of(HttpContext context, string tenant, Actor actor, string? bodyHash = null)
    {
        var request = context.Request;
        return new Origin(
            tenant, actor, context.TraceIdentifier, Activity.Current?.TraceId.ToHexString(), request.Method,
            Cut(request.PathBase + request.Path, LongestPath), Cut(request.Headers.IfMatch.ToString(), LongestUserAgent), bodyHash,
            context.Connection.RemoteIpAddress?.ToString(), Cut(request.Headers.UserAgent.ToString(), LongestUserAgent));
    }

    private static string? Cut(string? text, int length) => string.IsNullOrEmpty(text) ? null : text.Length <= length ? text : text[..length];
}

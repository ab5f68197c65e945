using System.Diagnostics;
using Directory.Api.Auth;
using Directory.Api.Hosting;
using Directory.Api.Protocol;
using Directory.Api.Sessions;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;
using Directory.Projections.Requests;
using Microsoft.AspNetCore.Routing;

namespace Directory.Api.Requests;

/// <summary>
/// Records, once it has been answered, every SCIM request that was refused and every write that was accepted; and every request about
/// the audit or the administration. Reads by SCIM are not recorded one by one. No body, no value of an attribute and no token is kept.
/// </summary>
public sealed class RequestRecording(
    RequestDelegate next, RequestJournal journal, ConnectionActivity activity, AuthenticationFailures authentication, TimeProvider clock)
{
    private const int LongestText = 256, LongestPath = 1_024, LongestDetail = 1_024;

    private static readonly string[] Supervised =
        ["/api/audit", "/api/admin", "/audit", "/users", "/groups", "/failures", "/integrity", "/reports", "/administration"];

    public async Task InvokeAsync(HttpContext context)
    {
        var (received, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        try
        {
            await next(context);
        }
        finally
        {
            await Record(context, received, clock.GetElapsedTime(started));
        }
    }

    private async Task Record(HttpContext context, DateTimeOffset received, TimeSpan duration)
    {
        var (path, status) = (context.Request.Path, context.Response.StatusCode);
        NoteUse(context, received);
        var isSigned = context.Features.Get<TokenIdentity>() is not null || context.SignedIn() is not null;
        if (path.StartsWithSegments("/api/scim", StringComparison.OrdinalIgnoreCase))
        {
            if (status >= 400 || IsWrite(context.Request)) journal.Add(OfRequest(context, received, duration));
        }
        else if (Supervised.Any(s => path.StartsWithSegments(s, StringComparison.OrdinalIgnoreCase)))
        {
            if (isSigned) await journal.Add(OfAccess(context, received), CancellationToken.None);
            else if (status >= 400) journal.Add(OfRequest(context, received, duration));
        }
    }

    private void NoteUse(HttpContext context, DateTimeOffset received)
    {
        var (status, source) = (context.Response.StatusCode, context.Connection.RemoteIpAddress?.ToString());
        if (status == StatusCodes.Status401Unauthorized) authentication.Note(source, context.Features.Get<ScimError>()?.Detail);
        var identity = context.Features.Get<TokenIdentity>();
        if ((identity ?? context.Features.Get<RefusedToken>()?.Identity) is { } known)
            activity.Note(known, identity is not null, received, status, source, ConnectionTestRequest.ClientOf(context.Request));
    }

    /// <summary>POST to /.search is a read (RFC 7644 §3.4.3).</summary>
    private static bool IsWrite(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method)
        && !(request.Path.Value ?? "").EndsWith("/.search", StringComparison.OrdinalIgnoreCase);

    private static RequestRecord OfRequest(HttpContext context, DateTimeOffset received, TimeSpan duration)
    {
        var (request, error) = (context.Request, context.Features.Get<ScimError>());
        var identity = context.Features.Get<TokenIdentity>() ?? context.Features.Get<RefusedToken>()?.Identity;
        return new RequestRecord(
            identity?.TenantId ?? DirectorySettings.DefaultTenant, received, duration, Cut(request.Method, LongestText)!,
            Cut(request.Path.Value, LongestPath) ?? "", Route(context), context.Response.StatusCode, error?.ScimType, Cut(error?.Detail, LongestDetail),
            identity?.ConnectionId?.ToString(), identity?.Name, identity?.TokenId.ToString(), identity?.Prefix,
            context.Connection.RemoteIpAddress?.ToString(), Cut(request.Headers.UserAgent.ToString(), LongestText), context.TraceIdentifier,
            Activity.Current?.TraceId.ToHexString());
    }

    private static AccessRecord OfAccess(HttpContext context, DateTimeOffset received)
    {
        var (request, identity) = (context.Request, context.Features.Get<TokenIdentity>());
        var session = context.SignedIn();
        return new AccessRecord(
            session?.TenantId ?? identity?.TenantId ?? DirectorySettings.DefaultTenant, received, session?.Role ?? identity?.Role ?? "",
            session?.Subject ?? identity?.TokenId.ToString(), session?.Name ?? identity?.Name ?? "",
            identity?.Prefix, Cut(request.Method, LongestText)!, Cut(request.Path.Value, LongestPath) ?? "",
            Cut(AccessQueryText.Of(request), 2 * LongestPath), Cut(context.Response.ContentType, LongestText), context.Response.StatusCode,
            context.Features.Get<AccessCount>()?.Rows, context.Connection.RemoteIpAddress?.ToString(),
            Cut(request.Headers.UserAgent.ToString(), LongestText), context.TraceIdentifier);
    }

    /// <summary>The path below the base URL with <c>{id}</c> for an id.</summary>
    private static string? Route(HttpContext context)
    {
        var text = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return text?.StartsWith(ScimAddress.Path, StringComparison.Ordinal) == true ? text[ScimAddress.Path.Length..] : text;
    }

    private static string? Cut(string? text, int length) => string.IsNullOrEmpty(text) ? null : text.Length <= length ? text : text[..length];
}

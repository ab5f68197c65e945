namespace Directory.Api.Protocol;

/// <summary>
/// Which methods a path takes: routing says so with 405 in <c>Allow</c>, and here OPTIONS is answered with it (RFC 9110 §9.3.7) and
/// HEAD and OPTIONS are named, for which there are no routes. The method is the one of the request line: headers that want to
/// override it, such as <c>X-HTTP-Method-Override</c>, are not looked at.
/// </summary>
public sealed class AllowedMethods(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var response = context.Response;
        if (response is not { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed }) return;
        var routed = response.Headers.Allow.SelectMany(value => value?.Split(',', StringSplitOptions.TrimEntries) ?? []).ToArray();
        string[] also = routed.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase) ? [HttpMethods.Head, HttpMethods.Options] : [HttpMethods.Options];
        response.Headers.Allow = string.Join(", ", routed.Concat(also).Distinct(StringComparer.OrdinalIgnoreCase));
        if (HttpMethods.IsOptions(context.Request.Method)) response.StatusCode = StatusCodes.Status204NoContent;
    }
}

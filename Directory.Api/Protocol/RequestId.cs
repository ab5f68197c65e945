namespace Directory.Api.Protocol;

/// <summary>
/// Gives every request an id: the client's <c>X-Request-Id</c> if it is short and printable, else a new one. It goes into the answer,
/// the log and the metadata of every event that the request causes.
/// </summary>
public sealed class RequestId(RequestDelegate next)
{
    private const string Header = "X-Request-Id";
    private const int Longest = 128;

    public Task InvokeAsync(HttpContext context)
    {
        var sent = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = sent is { Length: > 0 and <= Longest } && sent.All(c => c is > ' ' and < '\x7f')
            ? sent
            : Guid.CreateVersion7().ToString();
        context.Response.Headers[Header] = context.TraceIdentifier;
        return next(context);
    }
}

using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;

namespace Directory.Api.Auth;

/// <summary>
/// Lets SCIM requests through while provisioning is switched on and not paused. What decides came with the token, so it costs no
/// query. Switched off is 404, as if there were no SCIM; paused is 503 with Retry-After, so that the client tries again by itself.
/// </summary>
public sealed class ScimGating(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<TokenIdentity>() is { Gate: { IsOpen: false } gate, ConnectionId: not null } identity
            ? ErrorRendering.Write(context, Refusal(gate, identity.Name))
            : next(context);

    private static ScimError Refusal(ScimGate gate, string connection) =>
        !gate.IsOn ? ScimError.SwitchedOff
        : gate.DirectoryPause is { } reason ? ScimError.Paused("Provisioning", reason)
        : ScimError.Paused($"The connection {connection}", gate.ConnectionPause!);
}

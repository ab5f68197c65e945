using System.Text.Json.Nodes;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Integrity;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Admin;

/// <summary>
/// POST /api/admin/users/{id}/erase, <c>{"reason":"…"}</c>: erases a person for good, a live user too, which is deleted by the same
/// act. It answers <c>{"erasureId","userId","events"}</c>; 404 for a user that is unknown or erased already.
/// </summary>
public static class EraseUser
{
    private const int LongestReason = 500;
    private const long BodyLimit = 16 * 1024;

    /// <summary>
    /// Erases a person for good, a live user too, which is deleted by the same act; 404 for a user that is unknown or erased already.
    /// </summary>
    [WolverinePost("/api/admin/users/{id}/erase")]
    [Reads("EraseRequest")]
    [Answers("Erasure")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Post(string id, HttpContext context, ErasureStream erasures, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, BodyLimit, cancellation);
        var reason = Reason(body.Json["reason"] is JsonValue value && value.TryGetValue(out string? text) ? text : null);
        var receipt = await erasures.Erase(
            context.Origin(), ScimParameters.Id(id, ResourceTypes.User), Guid.CreateVersion7(), reason, cancellation);
        return Results.Json(new { erasureId = receipt.Id, userId = receipt.UserId, events = receipt.Events });
    }

    /// <exception cref="ScimException">400.</exception>
    internal static string Reason(string? text) => text?.Trim() is { Length: > 0 and <= LongestReason } reason
        ? reason
        : throw new ScimException(ScimError.InvalidValue($"'reason' must say why, in 1 to {LongestReason} characters; it is kept, so it must not name the person."));
}

using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Users.PatchUser;

namespace Directory.Api.Users;

/// <summary>PATCH /Users/{id} (RFC 7644 §3.5.2).</summary>
public static class PatchUser
{
    /// <summary>Changes attributes of a user (RFC 7644 §3.5.2).</summary>
    [WolverinePatch(ScimAddress.Path + "/Users/{id}")]
    [Takes("attributes", "excludedAttributes", "ifMatch")]
    [Reads("PatchRequest")]
    [Answers("User")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Patch(string id, HttpContext context, UserResources users, CancellationToken cancellation)
    {
        var shape = context.Shape(users.Type);
        var body = await ScimBody.Read(context.Request, UserResources.BodyLimit, cancellation);
        var command = new Command(PatchRequest.Parse(body.Json), SentBody.OfPatch(users.Type, body.Json));
        var user = await users.Stream.Change(
            context.Origin(body.Hash), ScimParameters.Id(id, users.Type), context.IfMatch(), command, cancellation);
        return await users.Result(context, user, shape, StatusCodes.Status200OK, cancellation);
    }
}

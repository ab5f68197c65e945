using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Users.ReplaceUser;

namespace Directory.Api.Users;

/// <summary>PUT /Users/{id} (RFC 7644 §3.5.1).</summary>
public static class ReplaceUser
{
    /// <summary>Replaces a user; what is omitted is cleared, <c>active</c> alone stays (RFC 7644 §3.5.1).</summary>
    [WolverinePut(ScimAddress.Path + "/Users/{id}")]
    [Takes("attributes", "excludedAttributes", "ifMatch")]
    [Reads("User")]
    [Answers("User")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Put(string id, HttpContext context, UserResources users, CancellationToken cancellation)
    {
        var shape = context.Shape(users.Type);
        var body = await ScimBody.Read(context.Request, UserResources.BodyLimit, cancellation);
        var command = new Command(users.Read(body.Json), SentBody.Of(users.Type, body.Json));
        var user = await users.Stream.Change(
            context.Origin(body.Hash), ScimParameters.Id(id, users.Type), context.IfMatch(), command, cancellation);
        return await users.Result(context, user, shape, StatusCodes.Status200OK, cancellation);
    }
}

using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Users.CreateUser;

namespace Directory.Api.Users;

/// <summary>POST /Users (RFC 7644 §3.3).</summary>
public static class CreateUser
{
    /// <summary>Creates a user (RFC 7644 §3.3); 409 when the userName is taken.</summary>
    [WolverinePost(ScimAddress.Path + "/Users")]
    [Takes("attributes", "excludedAttributes")]
    [Reads("User")]
    [Answers("User", StatusCodes.Status201Created)]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Post(HttpContext context, UserResources users, CancellationToken cancellation)
    {
        var shape = context.Shape(users.Type);
        var body = await ScimBody.Read(context.Request, UserResources.BodyLimit, cancellation);
        var command = new Command(users.Read(body.Json), SentBody.OfCreation(users.Type, body.Json));
        var user = await users.Stream.Create(context.Origin(body.Hash), Guid.CreateVersion7(), command, cancellation);
        return await users.Result(context, user, shape, StatusCodes.Status201Created, cancellation);
    }
}

using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Users.DeleteUser;

namespace Directory.Api.Users;

/// <summary>DELETE /Users/{id} (RFC 7644 §3.6).</summary>
public static class DeleteUser
{
    /// <summary>Deletes a user; its history stays (RFC 7644 §3.6).</summary>
    [WolverineDelete(ScimAddress.Path + "/Users/{id}")]
    [Takes("ifMatch")]
    [Answers(status: StatusCodes.Status204NoContent)]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Delete(string id, HttpContext context, UserResources users, CancellationToken cancellation)
    {
        await users.Stream.Change(
            context.Origin(), ScimParameters.Id(id, users.Type), context.IfMatch(), new Command(SentRequest.None), cancellation);
        return Results.NoContent();
    }
}

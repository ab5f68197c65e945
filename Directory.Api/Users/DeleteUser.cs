using Directory.Api.Auth;
using Directory.Api.Protocol;
using Directory.Domain;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Users.DeleteUser;

namespace Directory.Api.Users;

/// <summary>DELETE /Users/{id} (RFC 7644 §3.6).</summary>
public static class DeleteUser
{
    [WolverineDelete(ScimAddress.Path + "/Users/{id}")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Delete(string id, HttpContext context, UserResources users, CancellationToken cancellation)
    {
        await users.Stream.Change(
            context.Origin(), ScimParameters.Id(id, users.Type), context.IfMatch(), new Command(SentRequest.None), cancellation);
        return Results.NoContent();
    }
}

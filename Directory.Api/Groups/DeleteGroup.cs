using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Groups.DeleteGroup;

namespace Directory.Api.Groups;

/// <summary>DELETE /Groups/{id} (RFC 7644 §3.6).</summary>
public static class DeleteGroup
{
    /// <summary>Deletes a group; its history stays (RFC 7644 §3.6).</summary>
    [WolverineDelete(ScimAddress.Path + "/Groups/{id}")]
    [Takes("ifMatch")]
    [Answers(status: StatusCodes.Status204NoContent)]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Delete(string id, HttpContext context, GroupResources groups, CancellationToken cancellation)
    {
        await groups.Stream.Change(
            context.Origin(), ScimParameters.Id(id, groups.Type), context.IfMatch(), new Command(SentRequest.None), cancellation);
        return Results.NoContent();
    }
}

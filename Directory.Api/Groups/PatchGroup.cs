using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Groups.PatchGroup;

namespace Directory.Api.Groups;

/// <summary>PATCH /Groups/{id} (RFC 7644 §3.5.2).</summary>
public static class PatchGroup
{
    /// <summary>Changes attributes or members of a group (RFC 7644 §3.5.2).</summary>
    [WolverinePatch(ScimAddress.Path + "/Groups/{id}")]
    [Takes("attributes", "excludedAttributes", "ifMatch")]
    [Reads("PatchRequest")]
    [Answers(status: StatusCodes.Status204NoContent)]
    [Answers("Group")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Patch(string id, HttpContext context, GroupResources groups, CancellationToken cancellation)
    {
        var shape = context.Shape(groups.Type);
        var body = await ScimBody.Read(context.Request, GroupResources.BodyLimit, cancellation);
        var command = new Command(PatchRequest.Parse(body.Json), SentBody.OfPatch(groups.Type, body.Json));
        var group = await groups.Stream.Change(
            context.Origin(body.Hash), ScimParameters.Id(id, groups.Type), context.IfMatch(), command, cancellation);
        // RFC 7644 §3.5.2: 204 unless attributes were asked for. A group of 100,000 is not sent back because one member was added.
        if (context.Request.Query.ContainsKey("attributes") || context.Request.Query.ContainsKey("excludedAttributes"))
            return await groups.Result(context, group, shape, StatusCodes.Status200OK, cancellation);
        context.Response.Headers.ETag = group.Meta.ETag;
        return Results.NoContent();
    }
}

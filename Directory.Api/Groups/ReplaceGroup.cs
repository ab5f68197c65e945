using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Groups.ReplaceGroup;

namespace Directory.Api.Groups;

/// <summary>PUT /Groups/{id} (RFC 7644 §3.5.1).</summary>
public static class ReplaceGroup
{
    /// <summary>Replaces a group and its list of members (RFC 7644 §3.5.1).</summary>
    [WolverinePut(ScimAddress.Path + "/Groups/{id}")]
    [Takes("attributes", "excludedAttributes", "ifMatch")]
    [Reads("Group")]
    [Answers("Group")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Put(string id, HttpContext context, GroupResources groups, CancellationToken cancellation)
    {
        var shape = context.Shape(groups.Type);
        var body = await ScimBody.Read(context.Request, GroupResources.BodyLimit, cancellation);
        var (attributes, members) = groups.Read(body.Json);
        var command = new Command(attributes, members, SentBody.Of(groups.Type, body.Json));
        var group = await groups.Stream.Change(
            context.Origin(body.Hash), ScimParameters.Id(id, groups.Type), context.IfMatch(), command, cancellation);
        return await groups.Result(context, group, shape, StatusCodes.Status200OK, cancellation);
    }
}

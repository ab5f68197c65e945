using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;
using Command = Directory.Domain.Groups.CreateGroup;

namespace Directory.Api.Groups;

/// <summary>POST /Groups (RFC 7644 §3.3).</summary>
public static class CreateGroup
{
    /// <summary>Creates a group with its members (RFC 7644 §3.3); 409 when the displayName is taken.</summary>
    [WolverinePost(ScimAddress.Path + "/Groups")]
    [Takes("attributes", "excludedAttributes")]
    [Reads("Group")]
    [Answers("Group", StatusCodes.Status201Created)]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Post(HttpContext context, GroupResources groups, CancellationToken cancellation)
    {
        var shape = context.Shape(groups.Type);
        var body = await ScimBody.Read(context.Request, GroupResources.BodyLimit, cancellation);
        var (attributes, members) = groups.Read(body.Json);
        var command = new Command(attributes, members, SentBody.OfCreation(groups.Type, body.Json));
        var group = await groups.Stream.Create(context.Origin(body.Hash), Guid.CreateVersion7(), command, cancellation);
        return await groups.Result(context, group, shape, StatusCodes.Status201Created, cancellation);
    }
}

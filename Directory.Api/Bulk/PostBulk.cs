using Directory.Api.Auth;
using Directory.Api.Groups;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim.Bulk;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Bulk;

/// <summary>POST /Bulk (RFC 7644 §3.7).</summary>
public static class PostBulk
{
    /// <summary>Bytes of one request (RFC 7643 §5, "maxPayloadSize").</summary>
    public const int MaxPayloadSize = (int)GroupResources.BodyLimit;

    /// <summary>Many writes in one request, with references between them (RFC 7644 §3.7).</summary>
    [WolverinePost(ScimAddress.Path + "/Bulk")]
    [Reads("BulkRequest")]
    [Answers("BulkResponse")]
    [Authorize(Roles.ScimPolicy)]
    public static async Task<IResult> Post(HttpContext context, BulkResources bulk, Failures failures, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, MaxPayloadSize, cancellation);
        var request = BulkRequest.Parse(body.Json);
        var run = new BulkRun(context, bulk, request, context.Origin(body.Hash), failures);
        await run.Execute(cancellation);
        return new BulkAnswer(request, run.Outcomes);
    }
}

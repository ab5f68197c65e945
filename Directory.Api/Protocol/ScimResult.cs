using Directory.Domain.Scim;
using Directory.Projections.Streams;

namespace Directory.Api.Protocol;

/// <summary>A resource on its way out, shaped as asked for, with its entity tag.</summary>
public sealed class ScimResult(StoredResource resource, ResponseShape shape, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var address = ScimAddress.Of(context);
        var etag = resource.ETag;
        context.Response.Headers.ETag = etag;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            // RFC 9110 §13.2.2: If-Match first.
            Precondition.Parse(context.Request.Headers.IfMatch.ToString()).Demand(etag);
            if (context.IsKnown(etag))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        if (status == StatusCodes.Status201Created) context.Response.Headers.Location = address.Resource(resource.Type, resource.Id);
        using var json = new PooledBuffer(ResourceRendering.Length(resource));
        ResourceRendering.Write(json, resource, address, shape);
        await ScimJson.Write(context, status, json.Written);
    }
}

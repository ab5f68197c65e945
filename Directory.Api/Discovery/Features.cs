using Directory.Api.Bulk;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;
using Directory.Projections.Search;

namespace Directory.Api.Discovery;

/// <summary>What the service does, as it is announced; each figure is the constant that is enforced.</summary>
public static class Features
{
    public static readonly ServiceProviderFeatures Announced = new(
        Patch: true, Bulk: true, MaxOperations: BulkRequest.MaxOperations, MaxPayloadSize: PostBulk.MaxPayloadSize, Filter: true, MaxResults: Page.MaximumCount,
        ChangePassword: false, Sort: true, Etag: true,
        Pagination: new PaginationFeatures(Cursor: true, Index: true, DefaultMethod: "index", Page.DefaultCount, Page.MaximumCount, ListCursor.TimeoutSeconds));
}

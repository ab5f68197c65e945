using System.Buffers;
using System.Globalization;
using System.Text;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Projections.Streams;

namespace Directory.Api.Protocol;

/// <summary>A ListResponse (RFC 7644 §3.4.2, RFC 9865 §2) on its way out.</summary>
/// <param name="resources">The page.</param>
/// <param name="head">The members before <c>Resources</c>, as JSON text without braces.</param>
/// <param name="address">Where clients find us.</param>
/// <param name="shapes">What of each type of resources is returned.</param>
public sealed class ScimList(
    IReadOnlyList<StoredResource> resources, string head, ScimAddress address, IReadOnlyDictionary<ResourceType, ResponseShape> shapes) : IResult
{
    /// <summary>Answers a query for resources of one type, or of several.</summary>
    public static async Task<IResult> Find(
        HttpContext context, SearchRequest request, IReadOnlyList<ResourceTable> tables, CancellationToken cancellation)
    {
        var address = ScimAddress.Of(context);
        var shapes = tables.ToDictionary(table => table.Type, table => ResponseShape.Parse(table.Type, request.Attributes, request.ExcludedAttributes));
        var search = ListSearch.Read(request, context.Tenant(), address, tables, shapes);
        var list = context.RequestServices.GetRequiredService<ResourceList>();
        if (request.Cursor is not { } cursor)
        {
            var page = Page.Parse(request.StartIndex, request.Count);
            var found = await list.Find(search, page, cancellation);
            return new ScimList(found.Resources, Head(found.Total, found.Resources.Count, $"\"startIndex\":{page.StartIndex},"), address, shapes);
        }

        if (request.StartIndex is not null) throw new ScimException(ScimError.InvalidValue("Only one of 'startIndex' and 'cursor' may be given."));
        var cursors = context.RequestServices.GetRequiredService<ListCursor>();
        var (step, total) = cursors.Read(cursor, search);
        var walk = await list.Walk(search, step, Page.ParseCursorCount(request.Count), total, cancellation);
        var links = Link("previousCursor", walk.Previous) + Link("nextCursor", walk.Next);
        return new ScimList(walk.Resources, Head(walk.Total, walk.Resources.Count, links), address, shapes);

        string Link(string name, ListStep? to) => to is null ? "" : $"\"{name}\":\"{cursors.Write(to, walk.Total, search)}\",";
    }

    public async Task ExecuteAsync(HttpContext context)
    {
        using var json = new PooledBuffer(1024 + resources.Sum(ResourceRendering.Length));
        json.Write(Encoding.UTF8.GetBytes(head));
        for (var i = 0; i < resources.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            ResourceRendering.Write(json, resources[i], address, shapes[resources[i].Type]);
        }

        json.Write("]}"u8);
        await ScimJson.Write(context, StatusCodes.Status200OK, json.Written);
    }

    private static string Head(long total, int count, string paging) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"schemas\":[\"{ScimUrns.ListResponse}\"],\"totalResults\":{total},{paging}\"itemsPerPage\":{count},\"Resources\":[");
}

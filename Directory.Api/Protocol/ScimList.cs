using System.Globalization;
using System.Text;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Projections.Search;

namespace Directory.Api.Protocol;

/// <summary>Runs a query of RFC 7644 §3.4.2 and answers with a ListResponse.</summary>
public sealed class ScimList(ResourcePage page, long startIndex, ScimAddress address, ResponseShape shape) : IResult
{
    /// <summary>GET on a resource endpoint: filter, sortBy, sortOrder, startIndex, count, attributes, excludedAttributes.</summary>
    public static async Task<IResult> Get(HttpContext context, ResourceQuery query, string linked, CancellationToken cancellation)
    {
        var parameters = context.Request.Query;
        var shape = context.Shape(query.Type);
        var address = ScimAddress.Of(context);
        var filter = parameters["filter"].ToString() is { Length: > 0 } text ? FilterParser.Parse(text, query.Type) : null;
        var page = Page.Parse(parameters["startIndex"].ToString(), parameters["count"].ToString());
        var order = parameters["sortBy"].ToString() is { Length: > 0 } sortBy
            ? SortSql.OrderBy(SortSql.Resolve(sortBy, query.Type), IsDescending(parameters["sortOrder"].ToString()), query.Type)
            : ResourceSearch.ByCreation;
        var found = await query.Search(
            new SearchScope(query.Type, context.Tenant(), address.BaseUrl), new ResourceSearch(filter, order, page),
            shape.Includes(linked), cancellation);
        return new ScimList(found, page.StartIndex, address, shape);
    }

    public Task ExecuteAsync(HttpContext context)
    {
        var json = new StringBuilder(256 + page.Resources.Sum(r => r.Body.Length + (r.Linked?.Length ?? 0) + 128));
        json.Append(CultureInfo.InvariantCulture,
            $"{{\"schemas\":[\"{ScimUrns.ListResponse}\"],\"totalResults\":{page.Total},\"startIndex\":{startIndex},\"itemsPerPage\":{page.Resources.Count},\"Resources\":[");
        for (var i = 0; i < page.Resources.Count; i++)
        {
            if (i > 0) json.Append(',');
            json.Append(ScimResult.Render(page.Resources[i], address, shape));
        }

        return ScimJson.Write(context, StatusCodes.Status200OK, json.Append("]}").ToString());
    }

    private static bool IsDescending(string sortOrder) =>
        string.Equals(sortOrder, "descending", StringComparison.OrdinalIgnoreCase)
        || (sortOrder.Length == 0 || string.Equals(sortOrder, "ascending", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new ScimException(ScimError.InvalidValue("'sortOrder' must be ascending or descending.")));
}

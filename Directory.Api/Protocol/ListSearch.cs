using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;

namespace Directory.Api.Protocol;

/// <summary>
/// What a request for a list means. Over several types of resources an attribute that only some of them have is one without a value
/// for the others (RFC 7644 §3.4.2.1); what none of them has is refused.
/// </summary>
internal static class ListSearch
{
    public static ResourceSearch Read(
        SearchRequest request, string tenant, ScimAddress address, IReadOnlyList<ResourceTable> tables,
        IReadOnlyDictionary<ResourceType, ResponseShape> shapes)
    {
        ResourceType[] types = [.. tables.Select(table => table.Type)];
        var sortBy = request.SortBy is { } name ? types.ToDictionary(type => type, type => SortAttribute(name, type, types)) : null;
        var sources = tables.Select(table => new SearchSource(
            table, request.Filter is null ? null : FilterParser.Parse(request.Filter, table.Type, types),
            sortBy?[table.Type], shapes[table.Type].Includes(table.LinkedAttribute)));
        return new ResourceSearch(tenant, address.BaseUrl, [.. sources], IsDescending(request.SortOrder) && sortBy is not null);
    }

    private static AttributeReference? SortAttribute(string name, ResourceType type, ResourceType[] types) =>
        AttributePathParser.Resolve(name, type) is null && types.Any(other => AttributePathParser.Resolve(name, other) is not null)
            ? null
            : SortSql.Resolve(name, type);

    private static bool IsDescending(string? sortOrder) => sortOrder is not null
        && (string.Equals(sortOrder, "descending", StringComparison.OrdinalIgnoreCase)
            || (string.Equals(sortOrder, "ascending", StringComparison.OrdinalIgnoreCase)
                ? false
                : throw new ScimException(ScimError.InvalidValue("'sortOrder' must be ascending or descending."))));
}

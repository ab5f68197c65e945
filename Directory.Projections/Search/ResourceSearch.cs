using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;

namespace Directory.Projections.Search;

/// <summary>What is searched for and in which order; which part of it is wanted comes apart.</summary>
/// <param name="Tenant">The directory.</param>
/// <param name="BaseUrl">For the addresses of linked resources.</param>
/// <param name="Sources">One for each type of resources that is searched.</param>
/// <param name="Descending">The order of RFC 7644 §3.4.2.3; of no meaning without an attribute to sort by.</param>
public sealed record ResourceSearch(string Tenant, string BaseUrl, IReadOnlyList<SearchSource> Sources, bool Descending = false)
{
    internal SearchScope Scope(SearchSource source) => new(source.Table.Type, Tenant, BaseUrl);

    /// <summary>The keys of the sources, which agree in their type; null where the id is the order.</summary>
    /// <exception cref="ScimException">invalidValue: the attribute is of different types in different resources.</exception>
    internal IReadOnlyList<SortKey>? Keys()
    {
        SortKey?[] keys = [.. Sources.Select(source => source.SortBy is null ? null : SortSql.Key(source.SortBy, source.Table.Type))];
        if (keys.FirstOrDefault(key => key is not null) is not { } some) return null;
        if (keys.Any(key => key is not null && key.SqlType != some.SqlType))
            throw new ScimException(ScimError.InvalidValue("sortBy: the attribute is not of the same type in all the resources that are searched."));
        var isNullable = keys.Any(key => key is null || key.IsNullable);
        return [.. keys.Select(key => (key ?? some.Absent) with { IsNullable = isNullable })];
    }
}

/// <summary>A type of resources as part of a search.</summary>
/// <param name="Table">Where they are.</param>
/// <param name="Filter">Null for all.</param>
/// <param name="SortBy">Null for the order of creation, or where this type has no such attribute.</param>
/// <param name="Linked">Whether a user's groups or a group's members are wanted.</param>
public sealed record SearchSource(ResourceTable Table, ScimFilter? Filter, AttributeReference? SortBy, bool Linked);

/// <param name="Total">Of all that match, not of this page (RFC 7644 §3.4.2, "totalResults").</param>
/// <param name="Resources">The page.</param>
public sealed record ResourcePage(long Total, IReadOnlyList<StoredResource> Resources);

/// <summary>The place of a resource in the order of a search; a walk goes on behind it, whether or not the resource is still there.</summary>
/// <param name="Key">The sort key as a text, null for a resource that has none or where the id is the order.</param>
/// <param name="Id">Decides between equals.</param>
public sealed record ListPosition(string? Key, Guid Id);

/// <summary>Where a page of a walk begins: after a position, or before it when going back; null for the end one comes from.</summary>
public sealed record ListStep(ListPosition? From, bool Backward)
{
    public static readonly ListStep First = new(null, Backward: false);
}

/// <summary>A page of a walk (RFC 9865), in the order of the search whichever way the walk goes.</summary>
/// <param name="Total">As in <see cref="ResourcePage"/>.</param>
/// <param name="Resources">The page.</param>
/// <param name="Previous">Leads to what comes before; null at the beginning, or when that is not known because the page is empty.</param>
/// <param name="Next">Leads to what comes after; null at the end.</param>
public sealed record WalkPage(long Total, IReadOnlyList<StoredResource> Resources, ListStep? Previous, ListStep? Next);

using Directory.Domain.Scim.Filtering;
using Directory.Projections.Streams;

namespace Directory.Projections.Search;

/// <summary>What is searched for, in which order, and which part of it is wanted.</summary>
/// <param name="Filter">Null for all.</param>
/// <param name="OrderBy">SQL of SortSql, or the order of creation.</param>
/// <param name="Page">Which part.</param>
public sealed record ResourceSearch(ScimFilter? Filter, string OrderBy, Page Page)
{
    /// <summary>Ids are made in the order of creation.</summary>
    public const string ByCreation = "r.id";
}

/// <param name="Total">Of all that match, not of this page (RFC 7644 §3.4.2, "totalResults").</param>
/// <param name="Resources">The page.</param>
public sealed record ResourcePage(long Total, IReadOnlyList<StoredResource> Resources);

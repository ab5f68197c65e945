using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>What a search is about. The query that a filter becomes part of names the table of resources <c>r</c>.</summary>
/// <param name="Type">The type of the resources: it decides the table, <c>scim_user</c> or <c>scim_group</c>.</param>
/// <param name="Tenant">The directory. The query itself must restrict <c>r</c> to it; groups and members are looked up within it.</param>
/// <param name="BaseUrl">What <c>meta.location</c> and <c>$ref</c> begin with, without a slash at the end: <c>https://host/scim/v2</c>.</param>
public sealed record SearchScope(ResourceType Type, string Tenant, string BaseUrl)
{
    internal string Address(string endpoint) => $"{BaseUrl}{endpoint}/";
}

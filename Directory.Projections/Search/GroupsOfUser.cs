using Directory.Domain.Scim.Filtering;

namespace Directory.Projections.Search;

/// <summary>
/// Conditions on the <c>groups</c> of a user: those it is a member of (type direct) and those that contain one of these, at any depth
/// (type indirect; a group that is both is shown as direct).
/// </summary>
internal static class GroupsOfUser
{
    private const string AnyGroup = """
        exists (select from group_member m
            where m.tenant_id = r.tenant_id and m.member_id = r.id and m.member_type = 'User' and m.removed_at is null)
        """;

    /// <summary>
    /// Some group of the user in <c>r</c> satisfies the filter. The search goes from the groups that can satisfy it down to the
    /// users, once for the whole query, and not from every user upwards.
    /// </summary>
    public static string Exists(SearchScope scope, ScimFilter element, SqlParameters parameters)
    {
        if (IsAnyGroup(element)) return AnyGroup;
        var group = Row(scope, parameters);
        string[] known = [.. FilterSql.Conjuncts(element).Where(part => !AsksType(part)).Select(part => FilterSql.Write(part, group))];
        var reach = Reach(parameters.Text(scope.Tenant), known.Length == 0 ? FilterSql.Always : string.Join(" and ", known));
        if (!FilterSql.Conjuncts(element).Any(AsksType))
            return $"r.id in ({reach} select p.member_id from reach p where p.member_type = 'User')";
        return $"""
            r.id in ({reach} select p.member_id
                from (select group_id, member_id, bool_or(direct) as direct from reach where member_type = 'User' group by group_id, member_id) p
                join scim_group g on g.tenant_id = {parameters.Text(scope.Tenant)} and g.id = p.group_id
                where {FilterSql.Write(element, group)})
            """;
    }

    /// <summary>Who belongs to the groups that satisfy a condition, and whether at once. A cycle ends it: union drops what is known.</summary>
    private static string Reach(string tenant, string condition) => $"""
        with recursive reach (group_id, member_id, member_type, direct) as (
            select m.group_id, m.member_id, m.member_type, true from scim_group g
            join group_member m on m.tenant_id = g.tenant_id and m.group_id = g.id and m.removed_at is null
            where g.tenant_id = {tenant} and {condition}
            union
            select p.group_id, m.member_id, m.member_type, false from reach p
            join group_member m on m.tenant_id = {tenant} and m.group_id = p.member_id and m.removed_at is null
            where p.member_type = 'Group')
        """;

    private static LinkedRow Row(SearchScope scope, SqlParameters parameters) => new(parameters)
    {
        Id = "g.id",
        Display = "g.display_name_key",
        Types = [("direct", "p.direct"), ("indirect", "not p.direct")],
        Addresses = [(scope.Address("/Groups"), FilterSql.Always)],
    };

    // Every group has a value, a type and a $ref, and who is in a group at any depth is in one directly.
    private static bool IsAnyGroup(ScimFilter element) =>
        element is Presence { Attribute.SubAttribute: null or { Name: "value" or "type" or "$ref" } };

    private static bool AsksType(ScimFilter filter) => filter switch
    {
        LogicalAnd and => AsksType(and.Left) || AsksType(and.Right),
        LogicalOr or => AsksType(or.Left) || AsksType(or.Right),
        Negation not => AsksType(not.Inner),
        Presence presence => presence.Attribute.Leaf.Name == "type",
        Comparison comparison => comparison.Attribute.Leaf.Name == "type",
        _ => false,
    };
}

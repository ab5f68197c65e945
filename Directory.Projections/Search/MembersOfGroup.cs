using Directory.Domain.Scim.Filtering;

namespace Directory.Projections.Search;

/// <summary>Conditions on the <c>members</c> of a group: the open intervals of <c>group_member</c>.</summary>
internal static class MembersOfGroup
{
    // A member is shown by its displayName, or else by the name it is known by; both are kept folded in the row of the member.
    public const string Display = """
        (case m.member_type
            when 'User' then (select coalesce(u.search->>'displayName', u.user_name_key) from scim_user u
                where u.tenant_id = m.tenant_id and u.id = m.member_id)
            else (select g.display_name_key from scim_group g where g.tenant_id = m.tenant_id and g.id = m.member_id)
        end)
        """;

    private const string IsUser = "m.member_type = 'User'";
    private const string IsGroup = "m.member_type = 'Group'";

    /// <summary>Some member of the group in <c>r</c> satisfies the filter.</summary>
    public static string Exists(SearchScope scope, ScimFilter element, SqlParameters parameters) => $"""
        exists (select from group_member m where m.tenant_id = r.tenant_id and m.group_id = r.id and m.removed_at is null
            and {FilterSql.Write(element, Row(scope, parameters))})
        """;

    private static LinkedRow Row(SearchScope scope, SqlParameters parameters) => new(parameters)
    {
        Id = "m.member_id",
        Display = Display,
        Types = [("User", IsUser), ("Group", IsGroup)],
        Addresses = [(scope.Address("/Users"), IsUser), (scope.Address("/Groups"), IsGroup)],
    };
}

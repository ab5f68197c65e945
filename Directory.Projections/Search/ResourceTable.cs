using Directory.Domain.Scim.Schema;
using Directory.Projections.Streams;
using Npgsql;

namespace Directory.Projections.Search;

/// <summary>
/// The table of a resource type and how its rows become resources. In all its SQL <c>r</c> is the row, <c>$1</c> the tenant and
/// <c>$3</c> the base URL, where linked resources are asked for.
/// </summary>
public sealed class ResourceTable
{
    private const string GroupElements = """
        string_agg('{"value":"' || g.id || '","$ref":"' || $3 || '/Groups/' || g.id || '","display":' || to_json(g.display_name)
            || ',"type":"' || case when m.direct then 'direct' else 'indirect' end || '"}', ',' order by g.display_name_key, g.id)
        """;

    // A user's groups (RFC 7643 §4.1.2, "groups"), as the text of a JSON array's elements. Only where groups are members of groups,
    // and only for users in such groups, is there a way up to look for.
    private const string GroupsOfUser = $"""
        (case when exists (select from group_member n where n.tenant_id = $1 and n.member_type = 'Group' and n.removed_at is null)
            and exists (select from group_member m join group_member n on n.tenant_id = $1 and n.member_id = m.group_id and n.member_type = 'Group' and n.removed_at is null
                where m.tenant_id = $1 and m.member_id = r.id and m.removed_at is null)
        then (select {GroupElements} from scim_groups_of($1, r.id) m join scim_group g on g.tenant_id = $1 and g.id = m.group_id)
        else (select {GroupElements} from (select tenant_id, group_id, member_id, removed_at, true as direct from group_member) m
            join scim_group g on g.tenant_id = m.tenant_id and g.id = m.group_id
            where m.tenant_id = $1 and m.member_id = r.id and m.removed_at is null)
        end)
        """;

    // A group's members (RFC 7643 §4.2, "members").
    private const string MembersOfGroup = """
        (select string_agg('{"value":"' || m.member_id || '","$ref":"' || $3 || '/' || m.member_type || 's/' || m.member_id
                || '","display":' || to_json(coalesce(m.display, m.member_name)) || ',"type":"' || m.member_type || '"}', ',')
         from group_member m where m.tenant_id = $1 and m.group_id = r.id and m.removed_at is null)
        """;

    private ResourceTable(ResourceType type, string name, string linked, string linkedAttribute)
    {
        LinkedAttribute = linkedAttribute;
        Type = type;
        Name = name;
        Columns = "r.id, r.body, r.version, null::text";
        ColumnsWithLinked = $"r.id, r.body, r.version, {linked}";
        SelectOne = $"select {Columns} from {name} r where r.tenant_id = $1 and r.id = $2";
        SelectLinked = $"select {linked} from (select $2::uuid as id) r";
        SelectOneWithLinked = $"select {ColumnsWithLinked} from {name} r where r.tenant_id = $1 and r.id = $2";
    }

    public static ResourceTable Users(ResourceType type) => new(type, "scim_user", GroupsOfUser, "groups");

    public static ResourceTable Groups(ResourceType type) => new(type, "scim_group", MembersOfGroup, "members");

    public ResourceType Type { get; }

    public string Name { get; }

    /// <summary>What lives in rows and not in the body: a user's groups, a group's members.</summary>
    public string LinkedAttribute { get; }

    public string Columns { get; }

    public string ColumnsWithLinked { get; }

    public string SelectOne { get; }

    public string SelectOneWithLinked { get; }

    public string SelectLinked { get; }

    /// <summary>Columns from <paramref name="first"/> on: id, body, version, linked. The texts stay in UTF-8.</summary>
    public StoredResource Read(NpgsqlDataReader row, int first = 0) => new(
        Type, row.GetGuid(first), row.GetFieldValue<byte[]>(first + 1), row.GetInt64(first + 2),
        row.IsDBNull(first + 3) ? null : row.GetFieldValue<byte[]>(first + 3));
}

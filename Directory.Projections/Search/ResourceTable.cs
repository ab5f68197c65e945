using System.Globalization;
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
    // A user's groups (RFC 7643 §4.1.2, "groups"), as the text of a JSON array's elements.
    private const string GroupsOfUser = """
        (select string_agg('{"value":"' || g.id || '","$ref":"' || $3 || '/Groups/' || g.id || '","display":' || to_json(g.display_name)
                || ',"type":"direct"}', ',' order by g.display_name_key, g.id)
         from group_member m join scim_group g on g.tenant_id = m.tenant_id and g.id = m.group_id
         where m.tenant_id = $1 and m.member_id = r.id and m.removed_at is null)
        """;

    // A group's members (RFC 7643 §4.2, "members").
    private const string MembersOfGroup = """
        (select string_agg('{"value":"' || m.member_id || '","$ref":"' || $3 || '/' || m.member_type || 's/' || m.member_id
                || '","display":' || to_json(coalesce(m.display, m.member_name)) || ',"type":"' || m.member_type || '"}', ',')
         from group_member m where m.tenant_id = $1 and m.group_id = r.id and m.removed_at is null)
        """;

    private ResourceTable(ResourceType type, string name, string linked)
    {
        Type = type;
        Name = name;
        Columns = "r.id, r.body, r.version, null::text";
        ColumnsWithLinked = $"r.id, r.body, r.version, {linked}";
        SelectOne = $"select {Columns} from {name} r where r.tenant_id = $1 and r.id = $2";
        SelectLinked = $"select {linked} from (select $2::uuid as id) r";
        SelectOneWithLinked = $"select {ColumnsWithLinked} from {name} r where r.tenant_id = $1 and r.id = $2";
    }

    public static ResourceTable Users(ResourceType type) => new(type, "scim_user", GroupsOfUser);

    public static ResourceTable Groups(ResourceType type) => new(type, "scim_group", MembersOfGroup);

    public ResourceType Type { get; }

    public string Name { get; }

    public string Columns { get; }

    public string ColumnsWithLinked { get; }

    public string SelectOne { get; }

    public string SelectOneWithLinked { get; }

    public string SelectLinked { get; }

    /// <summary>Columns: id, body, version, linked.</summary>
    public StoredResource Read(NpgsqlDataReader row) => new(
        Type, row.GetGuid(0), row.GetString(1), string.Create(CultureInfo.InvariantCulture, $"W/\"{row.GetInt64(2)}\""),
        row.IsDBNull(3) ? null : row.GetString(3));
}

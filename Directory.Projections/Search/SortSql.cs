using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>
/// The order of a search (RFC 7644 §3.4.2.3): by the comparable value, so without regard to case unless the attribute is caseExact;
/// of a list by its primary or else its first element; resources without a value last when ascending and first when descending; the
/// id decides between equals, so that the order is total.
/// </summary>
public static class SortSql
{
    /// <summary>The attribute that <c>sortBy</c> names.</summary>
    /// <exception cref="ScimException">400 invalidValue: unknown, secret, or complex without a sub-attribute to sort by.</exception>
    public static AttributeReference Resolve(string sortBy, ResourceType type)
    {
        var attribute = AttributePathParser.Resolve(sortBy, type)
            ?? throw new ScimException(ScimError.InvalidValue($"sortBy: {type.Name} has no attribute '{sortBy}'."));
        if (attribute is { SubAttribute: null, Attribute.IsComplex: true })
            attribute = attribute with { SubAttribute = attribute.Attribute.Find("value") };
        if (attribute.Leaf.IsComplex)
            throw new ScimException(ScimError.InvalidValue($"sortBy: '{attribute}' is a complex attribute; name one of its sub-attributes."));
        if (attribute.Attribute.IsSecret || attribute.Leaf.IsSecret)
            throw new ScimException(ScimError.InvalidValue($"sortBy: '{attribute}' is never returned and cannot be sorted by."));
        return attribute;
    }

    /// <summary>What follows ORDER BY, for a query over <c>scim_user r</c> or <c>scim_group r</c>. It has no parameters.</summary>
    public static string OrderBy(AttributeReference attribute, bool descending, ResourceType type)
    {
        var direction = descending ? " desc" : "";
        var key = Key(attribute, type, direction);
        return key is "r.id" ? key + direction : $"{key}{direction}, r.id{direction}";
    }

    private static string Key(AttributeReference attribute, ResourceType type, string direction)
    {
        if (attribute.Attribute == CommonAttributes.Id || attribute.Attribute == CommonAttributes.Schemas) return "r.id";
        if (attribute.Attribute == CommonAttributes.Meta) return MetaKey(attribute.Leaf.Name);
        if (SearchColumns.TextColumn(type, attribute) is { } text) return $"{text} collate \"C\"";
        if (SearchColumns.TruthColumn(type, attribute) is { } truth) return truth;
        if (SearchColumns.IsMembersOfGroup(type, attribute)) return Linked("m.group_id", MemberKey(attribute.Leaf.Name), "m.member_id");
        if (SearchColumns.IsGroupsOfUser(type, attribute)) return Linked("m.member_id", GroupKey(attribute.Leaf.Name), "m.group_id");
        // The index orders all but texts that agree in what it holds of them.
        if (SearchColumns.IndexedText(type, attribute) is { } indexed)
            return $"{indexed} collate \"C\"{direction}, {DocumentSql.Text(attribute)} collate \"C\"";
        return attribute.Attribute.MultiValued ? OfElement(attribute) : Ordered(attribute.Leaf, DocumentSql.Text(attribute), DocumentJson(attribute));
    }

    private static string MetaKey(string name) => name switch
    {
        "created" => "r.created",
        "lastModified" => "r.last_modified",
        "version" => "r.version",
        _ => "r.id",
    };

    private static string MemberKey(string name) => name switch
    {
        "display" => $"{MembersOfGroup.Display} collate \"C\"",
        "type" => "m.member_type",
        "$ref" => "(m.member_type || '/' || m.member_id) collate \"C\"",
        _ => "m.member_id::text collate \"C\"",
    };

    private static string GroupKey(string name) => name switch
    {
        "display" => "(select g.display_name_key from scim_group g where g.tenant_id = m.tenant_id and g.id = m.group_id) collate \"C\"",
        "type" => "'direct'",
        _ => "m.group_id::text collate \"C\"",
    };

    /// <summary>The first that was added, of those still there.</summary>
    private static string Linked(string owner, string key, string element) =>
        $"(select {key} from group_member m where m.tenant_id = r.tenant_id and {owner} = r.id and m.removed_at is null order by m.added_at, {element} limit 1)";

    private static string OfElement(AttributeReference attribute)
    {
        var sub = attribute.SubAttribute;
        var json = sub is null ? "e.v" : FirstOf(sub, $"(e.v->{DocumentSql.Key(sub.Name)})");
        var text = sub is null || sub.MultiValued ? $"({json} #>> '{{}}')" : $"(e.v->>{DocumentSql.Key(sub.Name)})";
        var first = attribute.Attribute.Find("primary") is null ? "e.n" : "((e.v->'primary') = 'true') is true desc, e.n";
        return $"(select {Ordered(attribute.Leaf, text, json)} from jsonb_array_elements({DocumentSql.Path(attribute)}) with ordinality as e (v, n) order by {first} limit 1)";
    }

    private static string FirstOf(AttributeDefinition definition, string json) => definition.MultiValued ? $"({json}->0)" : json;

    private static string DocumentJson(AttributeReference attribute) =>
        attribute.SubAttribute is { } sub ? $"({DocumentSql.Path(attribute)}->{DocumentSql.Key(sub.Name)})" : $"({DocumentSql.Path(attribute)})";

    private static string Ordered(AttributeDefinition leaf, string text, string json) =>
        leaf.Type is AttributeType.Boolean or AttributeType.Integer or AttributeType.Decimal ? json : $"{text} collate \"C\"";
}

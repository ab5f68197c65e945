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
        if (Key(attribute, type) is not { } key) return $"r.id{direction}";
        // The index orders all but texts that agree in what it holds of them.
        var rest = SearchColumns.IndexedText(type, attribute) is null ? "" : $"{DocumentSql.Text(attribute)} collate \"C\"{direction}, ";
        return $"{key.Sql}{direction}, {rest}r.id{direction}";
    }

    /// <summary>What is compared before the id; null where the id is all there is to compare.</summary>
    internal static SortKey? Key(AttributeReference attribute, ResourceType type)
    {
        if (attribute.Attribute == CommonAttributes.Id || attribute.Attribute == CommonAttributes.Schemas) return null;
        if (attribute.Attribute == CommonAttributes.Meta) return MetaKey(attribute.Leaf.Name);
        if (SearchColumns.TextColumn(type, attribute) is { } text) return SortKey.OfText(text, isNullable: attribute.Attribute == CommonAttributes.ExternalId, isShort: true);
        if (SearchColumns.TruthColumn(type, attribute) is { } truth) return new SortKey(truth, SortKey.Truth, IsNullable: false);
        if (SearchColumns.IsMembersOfGroup(type, attribute)) return SortKey.OfText(Linked("m.group_id", MemberKey(attribute.Leaf.Name), "m.member_id"));
        if (SearchColumns.IsGroupsOfUser(type, attribute)) return SortKey.OfText(Linked("m.member_id", GroupKey(attribute.Leaf.Name), "m.group_id"));
        if (SearchColumns.IndexedText(type, attribute) is { } indexed) return SortKey.OfText(indexed, isShort: true);
        return attribute.Attribute.MultiValued ? OfElement(attribute) : Ordered(attribute.Leaf, DocumentSql.Text(attribute), DocumentJson(attribute));
    }

    private static SortKey? MetaKey(string name) => name switch
    {
        "created" => new SortKey("r.created", SortKey.Time, IsNullable: false),
        "lastModified" => new SortKey("r.last_modified", SortKey.Time, IsNullable: false),
        "version" => new SortKey("r.version", SortKey.Number, IsNullable: false),
        _ => null, // the same for all, or as the id
    };

    private static string MemberKey(string name) => name switch
    {
        "display" => MembersOfGroup.Display,
        "type" => "m.member_type",
        "$ref" => "(m.member_type || '/' || m.member_id)",
        _ => "m.member_id::text",
    };

    private static string GroupKey(string name) => name switch
    {
        "display" => "(select g.display_name_key from scim_group g where g.tenant_id = m.tenant_id and g.id = m.group_id)",
        "type" => "'direct'::text",
        _ => "m.group_id::text",
    };

    /// <summary>The first that was added, of those still there.</summary>
    private static string Linked(string owner, string key, string element) =>
        $"(select {key} from group_member m where m.tenant_id = r.tenant_id and {owner} = r.id and m.removed_at is null order by m.added_at, {element} limit 1)";

    private static SortKey OfElement(AttributeReference attribute)
    {
        var sub = attribute.SubAttribute;
        var json = sub is null ? "e.v" : FirstOf(sub, $"(e.v->{DocumentSql.Key(sub.Name)})");
        var text = sub is null || sub.MultiValued ? $"({json} #>> '{{}}')" : $"(e.v->>{DocumentSql.Key(sub.Name)})";
        var first = attribute.Attribute.Find("primary") is null ? "e.n" : "((e.v->'primary') = 'true') is true desc, e.n";
        return Ordered(attribute.Leaf, Chosen(text), Chosen(json));

        string Chosen(string value) =>
            $"(select {value} from jsonb_array_elements({DocumentSql.Path(attribute)}) with ordinality as e (v, n) order by {first} limit 1)";
    }

    private static string FirstOf(AttributeDefinition definition, string json) => definition.MultiValued ? $"({json}->0)" : json;

    private static string DocumentJson(AttributeReference attribute) =>
        attribute.SubAttribute is { } sub ? $"({DocumentSql.Path(attribute)}->{DocumentSql.Key(sub.Name)})" : $"({DocumentSql.Path(attribute)})";

    private static SortKey Ordered(AttributeDefinition leaf, string text, string json) =>
        leaf.Type is AttributeType.Boolean or AttributeType.Integer or AttributeType.Decimal ? new SortKey(json, SortKey.Json) : SortKey.OfText(text);
}

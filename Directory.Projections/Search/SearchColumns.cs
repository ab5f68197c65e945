using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>
/// Which attributes are searched outside the search document: in columns of <c>scim_user</c> and <c>scim_group</c>, and in the rows
/// of <c>group_member</c>.
/// </summary>
internal static class SearchColumns
{
    /// <summary>The column that holds an attribute's comparable text, or null.</summary>
    public static string? TextColumn(ResourceType type, AttributeReference attribute) => (type.Name, attribute) switch
    {
        (_, { Extension: not null }) => null,
        ("User", { Attribute.Name: "userName" }) => "r.user_name_key",
        ("Group", { Attribute.Name: "displayName" }) => "r.display_name_key",
        (_, { Attribute.Name: "externalId" }) => "r.external_id",
        _ => null,
    };

    /// <summary>The column that holds a boolean, or null.</summary>
    public static string? TruthColumn(ResourceType type, AttributeReference attribute) =>
        (type.Name, attribute) is ("User", { Extension: null, Attribute.Name: "active" }) ? "r.active" : null;

    public static bool IsGroupsOfUser(ResourceType type, AttributeReference attribute) =>
        (type.Name, attribute) is ("User", { Extension: null, Attribute.Name: "groups" });

    public static bool IsMembersOfGroup(ResourceType type, AttributeReference attribute) =>
        (type.Name, attribute) is ("Group", { Extension: null, Attribute.Name: "members" });

    /// <summary>Whether an attribute of the core schema is searched elsewhere and so left out of the search document.</summary>
    public static bool IsApart(ResourceType type, AttributeDefinition attribute)
    {
        var reference = new AttributeReference(null, attribute, null);
        return TextColumn(type, reference) is not null || TruthColumn(type, reference) is not null
            || IsGroupsOfUser(type, reference) || IsMembersOfGroup(type, reference);
    }

    /// <summary>How many characters of a text its own index holds.</summary>
    public const int IndexedLength = 300;

    /// <summary>
    /// Of the texts of the search document that have an index of their own (Schema/0004_search.sql): what is indexed. Compared with
    /// an operand of fewer than <see cref="IndexedLength"/> characters, the beginning of a text is as good as the whole.
    /// </summary>
    public static string? IndexedText(ResourceType type, AttributeReference attribute) => type.Name == "User" && attribute.Extension is null
        && attribute is { Attribute.Name: "displayName" } or { Attribute.Name: "name", SubAttribute: not null }
            ? $"left({DocumentSql.Text(attribute)}, {IndexedLength})"
            : null;

    /// <summary>Whether the prefixes of an attribute's values are indexed by <c>scim_value_lexemes</c>.</summary>
    public static bool HasPrefixIndex(ResourceType type, AttributeReference attribute) =>
        (type.Name, attribute) is ("User", { Extension: null, Attribute.Name: "emails" });
}

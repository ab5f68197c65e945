namespace Directory.Domain.Scim.Schema;

/// <summary>The core Group schema, RFC 7643 §4.2. Deviations from §8.7.1 are listed at <see cref="CoreSchemas"/>.</summary>
internal static class GroupSchema
{
    private const AttributeType String = AttributeType.String, Reference = AttributeType.Reference, Complex = AttributeType.Complex;

    public static ResourceSchema Build() => new(ScimUrns.Group, "Group", "A group of users and of other groups",
    [
        new("displayName", String)
        {
            Required = true, Uniqueness = Uniqueness.Server,
            Description = "The name of the group, unique among all groups without regard to case",
        },
        new("members", Complex) { MultiValued = true, SubAttributes = Member, Description = "The members of the group" },
    ]);

    private static IReadOnlyList<AttributeDefinition> Member =>
    [
        new("value", String) { Mutability = Mutability.Immutable, Description = "The id of the member" },
        new("$ref", Reference)
        {
            Mutability = Mutability.Immutable, ReferenceTypes = ["User", "Group"],
            Description = "The address of the member",
        },
        new("display", String) { Mutability = Mutability.Immutable, Description = "The name of the member" },
        new("type", String)
        {
            Mutability = Mutability.Immutable, CanonicalValues = ["User", "Group"],
            Description = "Whether the member is a user or a group",
        },
    ];
}

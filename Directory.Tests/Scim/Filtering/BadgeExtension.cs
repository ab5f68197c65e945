using Directory.Domain.Scim.Schema;

namespace Directory.Tests.Scim.Filtering;

/// <summary>A custom extension with every data type of RFC 7643 §2.3, which the core schemas do not have.</summary>
internal static class BadgeExtension
{
    public const string Urn = "urn:example:params:scim:schemas:extension:badge:1.0:User";

    public static readonly ResourceSchema Schema = new(Urn, "Badge", "",
    [
        new("level", AttributeType.Integer),
        new("weight", AttributeType.Decimal),
        new("issued", AttributeType.DateTime),
        new("revoked", AttributeType.Boolean),
        new("serial", AttributeType.String) { CaseExact = true },
        new("chip", AttributeType.Binary),
        new("tags", AttributeType.String) { MultiValued = true },
        new("codes", AttributeType.String) { MultiValued = true, CaseExact = true },
        new("scores", AttributeType.Integer) { MultiValued = true },
        new("pin", AttributeType.String) { Returned = Returned.Never },
        new("visits", AttributeType.Complex)
        {
            MultiValued = true,
            SubAttributes =
            [
                new("at", AttributeType.DateTime),
                new("count", AttributeType.Integer),
                new("late", AttributeType.Boolean),
                new("gates", AttributeType.String) { MultiValued = true },
                new("secret", AttributeType.String) { Mutability = Mutability.WriteOnly },
            ],
        },
    ]);

    public static readonly ResourceType User = new(
        "User", "/Users", "", CoreSchemas.User, [new SchemaExtension(CoreSchemas.EnterpriseUser), new SchemaExtension(Schema)]);
}

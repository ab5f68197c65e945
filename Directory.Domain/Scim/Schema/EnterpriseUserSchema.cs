namespace Directory.Domain.Scim.Schema;

/// <summary>The enterprise extension of User, RFC 7643 §4.3.</summary>
internal static class EnterpriseUserSchema
{
    private const AttributeType String = AttributeType.String, Reference = AttributeType.Reference, Complex = AttributeType.Complex;

    public static ResourceSchema Build() => new(ScimUrns.EnterpriseUser, "EnterpriseUser", "The user as a member of an organization",
    [
        new("employeeNumber", String) { Description = "The number the organization gave the user" },
        new("costCenter", String) { Description = "The cost center" },
        new("organization", String) { Description = "The organization" },
        new("division", String) { Description = "The division" },
        new("department", String) { Description = "The department" },
        new("manager", Complex) { SubAttributes = Manager, Description = "The user's manager" },
    ]);

    private static IReadOnlyList<AttributeDefinition> Manager =>
    [
        new("value", String) { Description = "The id of the manager's user" },
        new("$ref", Reference) { ReferenceTypes = ["User"], Description = "The address of the manager's user" },
        new("displayName", String) { Mutability = Mutability.ReadOnly, Description = "The name of the manager" },
    ];
}

using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Entitlements;

/// <summary>
/// The resource types by which Okta discovers what can be assigned to a user in <c>roles</c> and <c>entitlements</c>. They are Okta's
/// and in no RFC. Clients read them and change nothing.
/// </summary>
public static class EntitlementSchemas
{
    public const string RoleUrn = "urn:okta:scim:schemas:core:1.0:Role";
    public const string EntitlementUrn = "urn:okta:scim:schemas:core:1.0:Entitlement";

    private static readonly AttributeDefinition DisplayName = Text("displayName", "The name that people see");
    private static readonly AttributeDefinition Description = Text("description", "What it is, in at most 1000 characters");

    public static readonly ResourceType Role = new("Role", "/Roles", "Roles that a user can have",
        new ResourceSchema(RoleUrn, "Role", "A role that a user can have", [DisplayName, Description]), []);

    public static readonly ResourceType Entitlement = new("Entitlement", "/Entitlements", "Entitlements that a user can have",
        new ResourceSchema(EntitlementUrn, "Entitlement", "An entitlement that a user can have",
            [DisplayName, Description, Text("type", "The name of the resource type")]), []);

    private static AttributeDefinition Text(string name, string description) => new(name, AttributeType.String)
    {
        Mutability = Mutability.ReadOnly,
        Description = description,
    };
}

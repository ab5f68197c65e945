namespace Directory.Domain.Scim.Schema;

/// <summary>The resource types of RFC 7643 §8.6 with the extensions they have unless the configuration adds others.</summary>
public static class ResourceTypes
{
    public static readonly ResourceType User =
        new("User", "/Users", "User Account", CoreSchemas.User, [new SchemaExtension(CoreSchemas.EnterpriseUser)]);

    public static readonly ResourceType Group = new("Group", "/Groups", "Group", CoreSchemas.Group, []);
}

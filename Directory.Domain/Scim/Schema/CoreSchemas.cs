namespace Directory.Domain.Scim.Schema;

/// <summary>
/// The schemas of RFC 7643 §4: User, its enterprise extension, and Group, with the characteristics of §8.7.1.
/// </summary>
/// <remarks>
/// What differs from §8.7.1, and why:
/// <list type="bullet">
/// <item><c>User.addresses[].primary</c> is added: §2.4 gives it to every multi-valued attribute and the example of §8.2 uses it.</item>
/// <item><c>Group.displayName</c> is required, as the text of §4.2 says, and unique on the server: identity providers look a group up
/// by its name, and two hits would make them choose one at random.</item>
/// <item><c>Group.members[].display</c> is added: §2.4 has it and identity providers send it. It is immutable like its siblings.</item>
/// </list>
/// </remarks>
public static class CoreSchemas
{
    public static readonly ResourceSchema User = UserSchema.Build();
    public static readonly ResourceSchema EnterpriseUser = EnterpriseUserSchema.Build();
    public static readonly ResourceSchema Group = GroupSchema.Build();

    public static readonly IReadOnlyList<ResourceSchema> All = [User, EnterpriseUser, Group];
}

namespace Directory.Domain.Scim.Schema;

/// <summary>The core User schema, RFC 7643 §4.1. Deviations from §8.7.1 are listed at <see cref="CoreSchemas"/>.</summary>
internal static class UserSchema
{
    private const AttributeType String = AttributeType.String, Boolean = AttributeType.Boolean,
        Reference = AttributeType.Reference, Binary = AttributeType.Binary, Complex = AttributeType.Complex;

    public static ResourceSchema Build() => new(ScimUrns.User, "User", "An account of a person", [.. Singular, .. Plural]);

    // RFC 7643 §4.1.1
    private static IReadOnlyList<AttributeDefinition> Singular =>
    [
        new("userName", String)
        {
            Required = true, Uniqueness = Uniqueness.Server,
            Description = "The name the user signs in with, unique among all users without regard to case",
        },
        new("name", Complex) { SubAttributes = Name, Description = "The parts of the user's real name" },
        new("displayName", String) { Description = "The name to show for the user" },
        new("nickName", String) { Description = "How the user is addressed casually" },
        new("profileUrl", Reference) { ReferenceTypes = ["external"], Description = "The address of a page about the user" },
        new("title", String) { Description = "The user's job title" },
        new("userType", String) { Description = "The user's relation to the organization, such as Employee or Contractor" },
        new("preferredLanguage", String) { Description = "The languages the user reads, in the form of HTTP's Accept-Language" },
        new("locale", String) { Description = "The locale for formats of dates, numbers and currency, such as en-US" },
        new("timezone", String) { Description = "The user's time zone by its IANA name, such as Europe/Vienna" },
        new("active", Boolean) { Description = "Whether the user may sign in" },
        new("password", String)
        {
            Mutability = Mutability.WriteOnly, Returned = Returned.Never,
            Description = "A secret; accepted, never kept and never returned",
        },
    ];

    // RFC 7643 §4.1.2
    private static IReadOnlyList<AttributeDefinition> Plural =>
    [
        List("emails", "The user's e-mail addresses", Values(String, "E-mail address", "work", "home", "other")),
        List("phoneNumbers", "The user's phone numbers", Values(String, "Phone number", "work", "home", "mobile", "fax", "pager", "other")),
        List("ims", "The user's instant messaging addresses",
            Values(String, "Messaging address", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo")),
        List("photos", "Where images of the user are found", Values(Reference, "Address of an image", "photo", "thumbnail")),
        List("addresses", "The user's postal addresses", Address),
        List("groups", "The groups the user is in, itself or through another group", Membership) with { Mutability = Mutability.ReadOnly },
        List("entitlements", "What the user is entitled to", Values(String, "Entitlement")),
        List("roles", "The roles the user has", Values(String, "Role")),
        List("x509Certificates", "Certificates issued to the user", Values(Binary, "Certificate in DER, base64-encoded")),
    ];

    private static IReadOnlyList<AttributeDefinition> Name =>
    [
        new("formatted", String) { Description = "The whole name as it is written" },
        new("familyName", String) { Description = "The family name" },
        new("givenName", String) { Description = "The given name" },
        new("middleName", String) { Description = "The middle names" },
        new("honorificPrefix", String) { Description = "What precedes the name, such as Dr." },
        new("honorificSuffix", String) { Description = "What follows the name, such as III" },
    ];

    private static IReadOnlyList<AttributeDefinition> Address =>
    [
        new("formatted", String) { Description = "The whole address as it is written on a letter" },
        new("streetAddress", String) { Description = "Street, house number and what belongs to them" },
        new("locality", String) { Description = "City or place" },
        new("region", String) { Description = "State or region" },
        new("postalCode", String) { Description = "Postal code" },
        new("country", String) { Description = "Country by its ISO 3166-1 alpha-2 code" },
        new("type", String) { CanonicalValues = ["work", "home", "other"], Description = "What the address is used for" },
        Primary,
    ];

    private static IReadOnlyList<AttributeDefinition> Membership =>
    [
        new("value", String) { Mutability = Mutability.ReadOnly, Description = "The id of the group" },
        new("$ref", Reference)
        {
            Mutability = Mutability.ReadOnly, ReferenceTypes = ["User", "Group"],
            Description = "The address of the group",
        },
        new("display", String) { Mutability = Mutability.ReadOnly, Description = "The name of the group" },
        new("type", String)
        {
            Mutability = Mutability.ReadOnly, CanonicalValues = ["direct", "indirect"],
            Description = "Whether the user is a member itself or through another group",
        },
    ];

    private static AttributeDefinition Primary =>
        new("primary", Boolean) { Description = "Whether this is the preferred value; true at most once" };

    private static AttributeDefinition List(string name, string description, IReadOnlyList<AttributeDefinition> subAttributes) =>
        new(name, Complex) { MultiValued = true, Description = description, SubAttributes = subAttributes };

    // The default sub-attributes of RFC 7643 §2.4, in the order of §8.7.1.
    private static IReadOnlyList<AttributeDefinition> Values(AttributeType type, string what, params string[] types) =>
    [
        new("value", type) { ReferenceTypes = type == Reference ? ["external"] : [], Description = what },
        new("display", String) { Description = "A name to show for the value" },
        new("type", String) { CanonicalValues = types, Description = "What the value is used for" },
        Primary,
    ];
}

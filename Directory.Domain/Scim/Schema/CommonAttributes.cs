namespace Directory.Domain.Scim.Schema;

/// <summary>The attributes every resource has (RFC 7643 §3 and §3.1). They belong to no schema and are not listed by /Schemas.</summary>
public static class CommonAttributes
{
    public static readonly AttributeDefinition Schemas = new("schemas", AttributeType.Reference)
    {
        MultiValued = true,
        Required = true,
        CaseExact = true,
        Returned = Returned.Always,
        ReferenceTypes = ["uri"],
    };

    public static readonly AttributeDefinition Id = new("id", AttributeType.String)
    {
        CaseExact = true,
        Mutability = Mutability.ReadOnly,
        Returned = Returned.Always,
        Uniqueness = Uniqueness.Server,
    };

    public static readonly AttributeDefinition ExternalId = new("externalId", AttributeType.String) { CaseExact = true };

    public static readonly AttributeDefinition Meta = new("meta", AttributeType.Complex)
    {
        Mutability = Mutability.ReadOnly,
        SubAttributes =
        [
            new("resourceType", AttributeType.String) { CaseExact = true, Mutability = Mutability.ReadOnly },
            new("created", AttributeType.DateTime) { Mutability = Mutability.ReadOnly },
            new("lastModified", AttributeType.DateTime) { Mutability = Mutability.ReadOnly },
            new("location", AttributeType.Reference) { CaseExact = true, Mutability = Mutability.ReadOnly, ReferenceTypes = ["uri"] },
            new("version", AttributeType.String) { CaseExact = true, Mutability = Mutability.ReadOnly },
        ],
    };

    public static readonly IReadOnlyList<AttributeDefinition> All = [Schemas, Id, ExternalId, Meta];

    /// <summary>The common attribute of that name, without regard to case, or null.</summary>
    public static AttributeDefinition? Find(string name)
    {
        foreach (var attribute in All)
            if (string.Equals(attribute.Name, name, StringComparison.OrdinalIgnoreCase))
                return attribute;
        return null;
    }
}

using Directory.Domain.Scim.Filtering;

namespace Directory.Domain.Scim.Schema;

/// <summary>The attributes of a schema file, each in the form of RFC 7643 §7.</summary>
internal static class CustomAttributes
{
    public static IReadOnlyList<AttributeDefinition> Read(IReadOnlyList<SchemaFields> list, bool within = false)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var attributes = new List<AttributeDefinition>();
        foreach (var fields in list)
        {
            var attribute = Read(fields, within);
            // Attributes that have no name have been noted, and are not each other's doubles.
            if (attribute.Name.Length == 0) continue;
            if (names.Add(attribute.Name)) attributes.Add(attribute);
            else fields.Problem("name", $"'{attribute.Name}' is used twice; upper and lower case are not distinguished");
        }
        return attributes;
    }

    private static AttributeDefinition Read(SchemaFields fields, bool within)
    {
        fields.AllowOnly("name", "type", "multiValued", "description", "required", "caseExact", "canonicalValues", "mutability", "returned",
            "uniqueness", "referenceTypes", "subAttributes");
        var type = fields.Word("type", AttributeType.String);
        var attribute = new AttributeDefinition(Name(fields), type)
        {
            MultiValued = fields.Flag("multiValued"),
            Required = fields.Flag("required"),
            CaseExact = fields.Flag("caseExact"),
            Mutability = fields.Word("mutability", Mutability.ReadWrite),
            Returned = fields.Word("returned", Returned.Default),
            Uniqueness = fields.Word("uniqueness", Uniqueness.None),
            CanonicalValues = fields.Texts("canonicalValues"),
            ReferenceTypes = fields.Texts("referenceTypes"),
            SubAttributes = type == AttributeType.Complex && !within ? Read(fields.Objects("subAttributes"), within: true) : [],
            Description = fields.Text("description"),
        };
        CheckType(fields, attribute, within);
        CheckCharacteristics(fields, attribute);
        return attribute;
    }

    private static string Name(SchemaFields fields)
    {
        var name = fields.Text("name", required: true);
        if (name.Length > 0 && !AttributePathParser.IsName(name))
            fields.Problem("name", $"'{name}' must begin with a letter and go on with letters, digits, '-' and '_'");
        return name;
    }

    private static void CheckType(SchemaFields fields, AttributeDefinition attribute, bool within)
    {
        // RFC 7643 §2.3.8: a complex attribute has no complex sub-attributes.
        if (within && attribute.IsComplex) fields.Problem("type", "of a sub-attribute must not be complex");
        if (within && attribute.MultiValued) fields.Problem("multiValued", "of a sub-attribute must be false");
        if (!attribute.IsComplex && fields.Has("subAttributes")) fields.Problem("subAttributes", "belong to the type complex alone");
        // RFC 7643 §7: "referenceTypes" goes with the type "reference", and is needed there.
        if (attribute.Type == AttributeType.Reference && attribute.ReferenceTypes.Count == 0) fields.Problem("lacks 'referenceTypes'");
        if (attribute.Type != AttributeType.Reference && fields.Has("referenceTypes"))
            fields.Problem("referenceTypes", "belong to the type reference alone");
    }

    private static void CheckCharacteristics(SchemaFields fields, AttributeDefinition attribute)
    {
        if (attribute is { Required: true, Mutability: Mutability.ReadOnly })
            fields.Problem("required", "must be false for a readOnly attribute, since no client can supply it");
        if (attribute is { Required: true, IsSecret: true })
            fields.Problem("required", "must be false for an attribute that is writeOnly or never returned, since it is not kept");
        // What is announced must be enforced, and only names of users and groups are.
        if (attribute.Uniqueness != Uniqueness.None) fields.Problem("uniqueness", "must be none in an extension");
    }
}

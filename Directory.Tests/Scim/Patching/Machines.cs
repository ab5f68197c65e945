using Directory.Domain.Scim.Schema;

namespace Directory.Tests.Scim.Patching;

/// <summary>A resource type with the characteristics that users and groups do not have.</summary>
public static class Machines
{
    public static readonly ResourceSchema Rack = new("urn:example:Rack", "Rack", "",
    [
        new("row", AttributeType.String) { Required = true },
        new("unit", AttributeType.Integer),
        new("asset", AttributeType.String) { Mutability = Mutability.Immutable },
        new("probed", AttributeType.DateTime) { Mutability = Mutability.ReadOnly },
    ]);

    public static readonly ResourceSchema Contract = new("urn:example:Contract", "Contract", "",
    [
        new("number", AttributeType.String),
        new("signed", AttributeType.String) { Mutability = Mutability.Immutable },
    ]);

    public static readonly ResourceType Type = new("Machine", "/Machines", "", new ResourceSchema("urn:example:Machine", "Machine", "",
    [
        new("serial", AttributeType.String) { Mutability = Mutability.Immutable },
        new("name", AttributeType.String) { Required = true },
        new("tags", AttributeType.String) { MultiValued = true, CaseExact = true },
        new("labels", AttributeType.String) { MultiValued = true },
        new("ports", AttributeType.Integer) { MultiValued = true },
        new("load", AttributeType.Decimal),
        new("installed", AttributeType.DateTime),
        new("owner", AttributeType.Complex)
        {
            SubAttributes =
            [
                new("value", AttributeType.String) { CaseExact = true },
                new("$ref", AttributeType.Reference),
                new("since", AttributeType.DateTime) { Mutability = Mutability.Immutable },
                new("display", AttributeType.String) { Mutability = Mutability.ReadOnly },
            ],
        },
        new("site", AttributeType.Complex)
        {
            SubAttributes = [new("city", AttributeType.String) { Required = true }, new("street", AttributeType.String)],
        },
        new("disks", AttributeType.Complex)
        {
            MultiValued = true,
            SubAttributes =
            [
                new("value", AttributeType.String) { CaseExact = true, Required = true, Mutability = Mutability.Immutable },
                new("size", AttributeType.Integer),
                new("health", AttributeType.String) { Mutability = Mutability.ReadOnly },
                new("key", AttributeType.String) { Mutability = Mutability.WriteOnly, Returned = Returned.Never },
            ],
        },
        new("events", AttributeType.Complex)
        {
            MultiValued = true,
            Mutability = Mutability.ReadOnly,
            SubAttributes = [new("value", AttributeType.String)],
        },
    ]), [new SchemaExtension(Rack), new SchemaExtension(Contract, Required: true)]);
}

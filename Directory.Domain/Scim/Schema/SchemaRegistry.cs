namespace Directory.Domain.Scim.Schema;

/// <summary>The resource types of an installation with all their schemas, those from its configuration included.</summary>
public sealed class SchemaRegistry
{
    /// <summary>The resource types without extensions from the configuration.</summary>
    public static readonly SchemaRegistry Default = new([]);

    /// <param name="customSchemas">They must have been loaded by <see cref="CustomSchemas"/>, which has checked them.</param>
    /// <param name="others">Resource types beside users and groups.</param>
    public SchemaRegistry(IReadOnlyList<CustomSchema> customSchemas, IReadOnlyList<ResourceType>? others = null)
    {
        User = With(Schema.ResourceTypes.User, customSchemas);
        Group = With(Schema.ResourceTypes.Group, customSchemas);
        ResourceTypes = [User, Group, .. others ?? []];
        Schemas = [.. ResourceTypes.SelectMany(t => t.Extensions.Select(e => e.Schema).Prepend(t.Schema))];
    }

    public ResourceType User { get; }
    public ResourceType Group { get; }

    /// <summary>In the order of <c>/ResourceTypes</c>.</summary>
    public IReadOnlyList<ResourceType> ResourceTypes { get; }

    /// <summary>In the order of <c>/Schemas</c>: each resource type's core schema and its extensions.</summary>
    public IReadOnlyList<ResourceSchema> Schemas { get; }

    /// <summary>The resource type of that name, or null. The name is part of an address, so case counts.</summary>
    public ResourceType? FindType(string name) => ResourceTypes.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal));

    /// <summary>The schema with that URI, compared without regard to case, or null.</summary>
    public ResourceSchema? FindSchema(string urn) => Schemas.FirstOrDefault(s => string.Equals(s.Id, urn, StringComparison.OrdinalIgnoreCase));

    private static ResourceType With(ResourceType type, IReadOnlyList<CustomSchema> customSchemas)
    {
        var added = customSchemas.Where(c => c.ResourceType == type.Name).Select(c => new SchemaExtension(c.Schema, c.Required)).ToArray();
        return added.Length == 0 ? type
            : new ResourceType(type.Name, type.Endpoint, type.Description, type.Schema, [.. type.Extensions, .. added]);
    }
}

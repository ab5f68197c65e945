namespace Directory.Domain.Scim.Schema;

/// <summary>
/// A resolved attribute path: the extension it lives in (null for the core schema and the common attributes), the attribute, and
/// the sub-attribute if the path named one.
/// </summary>
public sealed record AttributeReference(ResourceSchema? Extension, AttributeDefinition Attribute, AttributeDefinition? SubAttribute)
{
    /// <summary>The definition that decides type, case and mutability: the sub-attribute's if there is one.</summary>
    public AttributeDefinition Leaf => SubAttribute ?? Attribute;

    /// <summary>The path in the spelling of the schema: <c>urn:…:User:manager.value</c>, <c>name.givenName</c>.</summary>
    public override string ToString() =>
        (Extension is null ? "" : Extension.Id + ":") + Attribute.Name + (SubAttribute is null ? "" : "." + SubAttribute.Name);
}

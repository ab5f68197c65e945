using System.Collections.Frozen;
using Directory.Domain.Scim.Filtering;

namespace Directory.Domain.Scim.Schema;

/// <summary>An extension of a resource type (RFC 7643 §6, "schemaExtensions").</summary>
public sealed record SchemaExtension(ResourceSchema Schema, bool Required = false);

/// <summary>
/// A resource type (RFC 7643 §6): its endpoint, its core schema and its extensions. It resolves attribute paths, the common
/// attributes of §3.1 included, and is what every generic part of the protocol is handed instead of names of attributes.
/// </summary>
public sealed class ResourceType(
    string name, string endpoint, string description, ResourceSchema schema, IReadOnlyList<SchemaExtension> extensions)
{
    public string Name { get; } = name;

    /// <summary>Relative to the base URL, with its leading slash: <c>/Users</c>.</summary>
    public string Endpoint { get; } = endpoint;
    public string Description { get; } = description;
    public ResourceSchema Schema { get; } = schema;
    public IReadOnlyList<SchemaExtension> Extensions { get; } = extensions;

    /// <summary>The names of the attributes and sub-attributes, of the extensions too, whose values are secrets; without regard to case.</summary>
    public FrozenSet<string> Secrets { get; } = new[] { schema }.Concat(extensions.Select(e => e.Schema))
        .SelectMany(s => s.Attributes).SelectMany(a => a.SubAttributes.Prepend(a)).Where(a => a.IsSecret).Select(a => a.Name)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The extension schema with that URI, compared without regard to case, or null.</summary>
    public ResourceSchema? FindExtension(string urn)
    {
        foreach (var extension in Extensions)
            if (string.Equals(extension.Schema.Id, urn, StringComparison.OrdinalIgnoreCase))
                return extension.Schema;
        return null;
    }

    /// <summary>The core schema or the extension with that URI, compared without regard to case, or null.</summary>
    public ResourceSchema? FindSchema(string urn) => IsCore(urn) ? Schema : FindExtension(urn);

    /// <summary>
    /// What a path means for this type: a common attribute, an attribute of the core schema (with or without its URI), or one of
    /// an extension (with its URI). Null when there is no such attribute. A path that is just an extension's URI is not an
    /// attribute: ask <see cref="FindExtension"/> for it.
    /// </summary>
    public AttributeReference? Resolve(AttributePath path)
    {
        var extension = path.Uri is null || IsCore(path.Uri) ? null : FindExtension(path.Uri);
        if (path.Uri is not null && !IsCore(path.Uri) && extension is null) return null;
        var attribute = extension is null ? CommonAttributes.Find(path.Name) ?? Schema.Find(path.Name) : extension.Find(path.Name);
        if (attribute is null) return null;
        if (path.SubName is null) return new AttributeReference(extension, attribute, null);
        return attribute.Find(path.SubName) is { } sub ? new AttributeReference(extension, attribute, sub) : null;
    }

    private bool IsCore(string uri) => string.Equals(uri, Schema.Id, StringComparison.OrdinalIgnoreCase);
}

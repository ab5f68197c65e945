using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// Which attributes a response holds: the <c>returned</c> of RFC 7643 §7 together with <c>attributes</c> and
/// <c>excludedAttributes</c> of RFC 7644 §3.9. <c>schemas</c> and <c>id</c> are always there, secrets never.
/// </summary>
public sealed class ResponseShape
{
    // Most requests name no attributes, and what that means is the same every time.
    private static readonly ConditionalWeakTable<ResourceType, ResponseShape> Unasked = [];

    private readonly ResourceType _type;
    private readonly IReadOnlyList<KeptAttribute> _kept;

    private ResponseShape(ResourceType type, AttributeSelection selection)
    {
        _type = type;
        _kept = selection.Choose(type);
        IsDefault = selection.IsEmpty && !AttributeSelection.HasOnRequest(type);
    }

    /// <summary>Nothing was asked and no attribute waits to be asked for: what is stored can be sent as it is.</summary>
    public bool IsDefault { get; }

    /// <summary>The query parameters, lists separated by commas. Unknown names are ignored; a blank list is none.</summary>
    /// <exception cref="ScimException">invalidValue: both were given (RFC 7644 §3.9 allows one of them).</exception>
    public static ResponseShape Parse(ResourceType type, string? attributes, string? excludedAttributes) =>
        Parse(type, attributes?.Split(','), excludedAttributes?.Split(','));

    /// <summary>The same from the lists of a search request (RFC 7644 §3.4.3).</summary>
    /// <exception cref="ScimException">invalidValue: both were given.</exception>
    public static ResponseShape Parse(ResourceType type, IReadOnlyList<string>? attributes, IReadOnlyList<string>? excludedAttributes)
    {
        var requested = Named(attributes);
        var excluded = Named(excludedAttributes);
        if (requested is null && excluded is null)
            return Unasked.GetValue(type, t => new ResponseShape(t, AttributeSelection.Of(t, null, null)));
        if (requested is not null && excluded is not null)
            throw new ScimException(ScimError.InvalidValue("Only one of 'attributes' and 'excludedAttributes' may be given."));
        return new ResponseShape(type, AttributeSelection.Of(type, requested, excluded));
    }

    /// <summary>
    /// Whether the attribute is part of the response, with all or some of its sub-attributes; if not, its value need not be loaded.
    /// </summary>
    public bool Includes(string attributeName) =>
        AttributePathParser.Resolve(attributeName, _type) is { } target
        && _kept.Any(k => k.Extension == target.Extension && k.Attribute == target.Attribute);

    /// <summary>
    /// The part of the resource that is returned; the resource itself stays as it is. An extension of which nothing is left is not
    /// named in <c>schemas</c>.
    /// </summary>
    public JsonObject Apply(JsonObject resource)
    {
        if (IsDefault) return resource;
        var result = new JsonObject();
        foreach (var kept in _kept)
        {
            var source = kept.Extension is null ? resource : resource[kept.Extension.Id] as JsonObject;
            if (source?[kept.Attribute.Name] is { } value && kept.Of(value) is { } part)
                Container(result, kept.Extension).Add(kept.Attribute.Name, part);
        }
        DropUnusedSchemas(result);
        return result;
    }

    private static JsonObject Container(JsonObject result, ResourceSchema? extension)
    {
        if (extension is null) return result;
        if (result[extension.Id] is JsonObject container) return container;
        container = [];
        result.Add(extension.Id, container);
        return container;
    }

    // RFC 7643 §3: "schemas" names the schemas of the attributes in this representation.
    private void DropUnusedSchemas(JsonObject result)
    {
        if (result[CommonAttributes.Schemas.Name] is not JsonArray schemas) return;
        foreach (var extension in _type.Extensions)
            if (!result.ContainsKey(extension.Schema.Id))
                schemas.RemoveAll(s => s?.GetValueKind() == JsonValueKind.String && s.GetValue<string>() == extension.Schema.Id);
    }

    private static HashSet<string>? Named(IReadOnlyList<string>? names)
    {
        if (names is null) return null;
        var named = names.Select(n => n.Trim()).Where(n => n.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return named.Count == 0 ? null : named;
    }
}

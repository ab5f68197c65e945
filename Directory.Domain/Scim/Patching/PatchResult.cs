using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>What a PATCH made of a resource.</summary>
/// <param name="Attributes">The attributes after all operations, in canonical form.</param>
/// <param name="Apart">The operations on attributes that are kept apart from the resource, in their order.</param>
/// <param name="SecretsSupplied">The names of secrets that were given and discarded.</param>
/// <param name="Ignored">
/// What a value named and no client may set, or no schema knows, and what follows from other attributes (<c>schemas</c>).
/// </param>
public sealed record PatchResult(
    JsonObject Attributes,
    IReadOnlyList<ResolvedOperation> Apart,
    IReadOnlyList<string> SecretsSupplied,
    IReadOnlyList<string> Ignored);

/// <summary>
/// An operation on an attribute that is not part of the resource's document, such as the members of a group: checked against the
/// schema, for the caller to apply.
/// </summary>
/// <param name="Op">
/// What is to be done. A replace by nothing (null or an empty list) is handed over as a remove; an add of nothing not at all.
/// </param>
/// <param name="Attribute">The attribute kept apart.</param>
/// <param name="Filter">The elements meant, or null for all.</param>
/// <param name="SubAttribute">The sub-attribute of these elements that is meant, or null for the elements themselves.</param>
/// <param name="Value">
/// The canonical value: an array for the attribute without filter, an element with one, the sub-attribute's value if there is one.
/// For a remove, the elements to be removed, matched on <c>value</c>, or null to remove whatever the filter selects.
/// </param>
public sealed record ResolvedOperation(
    ChangeOperation Op, AttributeDefinition Attribute, ScimFilter? Filter, AttributeDefinition? SubAttribute, JsonNode? Value);

using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>
/// PATCH, RFC 7644 §3.5.2: all operations in their order or none. Every rule about an attribute is asked of the schema.
/// </summary>
/// <remarks>
/// Where the RFC leaves a choice, or identity providers need another than its letter:
/// <list type="bullet">
/// <item>A remove of what is not there succeeds: a request that is repeated after a timeout must not fail.</item>
/// <item>A remove at a multi-valued attribute with a value removes the elements of that <c>value</c> only (Entra); by the letter it
/// would empty a group.</item>
/// <item>An add at <c>emails[type eq "work"].value</c> without such an element creates it from the filter (Entra); a replace there is
/// <c>noTarget</c>.</item>
/// <item>An add or replace by null, or by an empty string or list, unassigns (RFC 7643 §2.5), but adding nothing to a multi-valued
/// attribute changes nothing.</item>
/// <item>An added element that has the <c>value</c> (and <c>type</c>, if it has one) of a present element is merged into that one,
/// since no two may have both in common (RFC 7643 §2.4).</item>
/// <item>Read-only and unknown attributes within a value are ignored and reported (Okta sends <c>id</c>); at a path they are
/// refused. <c>schemas</c> follows from the attributes and is ignored everywhere.</item>
/// <item>A <c>$ref</c> goes when the <c>value</c> it belongs to changes and no new one is given.</item>
/// </list>
/// </remarks>
public static class Patch
{
    /// <param name="type">The type of the resource.</param>
    /// <param name="attributes">The attributes in canonical form; left as they are.</param>
    /// <param name="operations">The operations in their order.</param>
    /// <param name="apart">
    /// Names of core attributes that are no part of <paramref name="attributes"/>: operations on them are checked and returned in
    /// <see cref="PatchResult.Apart"/>.
    /// </param>
    /// <exception cref="ScimException">
    /// invalidPath, noTarget, mutability, invalidValue, invalidSyntax as of RFC 7644 §3.12, table 9.
    /// </exception>
    public static PatchResult Apply(
        ResourceType type, JsonObject attributes, IReadOnlyList<PatchOperation> operations, IReadOnlySet<string>? apart = null)
    {
        var patching = new PatchedResource(type, attributes.DeepClone().AsObject(), apart ?? FrozenSet<string>.Empty);
        foreach (var operation in operations)
            patching.Apply(operation);
        return patching.Complete();
    }
}

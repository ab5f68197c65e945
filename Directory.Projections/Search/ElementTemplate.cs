using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;

namespace Directory.Projections.Search;

/// <summary>
/// Gathers the equalities of a filter on one element into the least element that satisfies them, for a search by containment.
/// </summary>
internal sealed class ElementTemplate
{
    /// <summary>The element so far; null when no part was taken.</summary>
    public JsonNode? Element { get; private set; }

    /// <summary>Whether containment of <see cref="Element"/> now implies the part, and is implied by it and the parts before.</summary>
    public bool TryTake(ScimFilter part)
    {
        if (part is not Comparison { Operator: ComparisonOperator.Equal, Value: not ComparisonValue.Null } comparison) return false;
        if (comparison.Attribute.SubAttribute is not { } sub)
        {
            if (Element is not null) return false;
            Element = JsonElement.Value(comparison);
            return true;
        }

        var element = (JsonObject)(Element ??= new JsonObject());
        // A sub-attribute cannot equal two values; that it does not is for the full condition to say.
        if (element.ContainsKey(sub.Name)) return false;
        element[sub.Name] = DocumentSql.InList(sub, JsonElement.Value(comparison));
        return true;
    }
}

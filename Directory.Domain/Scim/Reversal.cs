using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>Takes back changes where they still stand.</summary>
public static class Reversal
{
    /// <summary>The change that takes this one back.</summary>
    public static AttributeChange Of(AttributeChange change) => AttributeChange.Of(change.Path, change.After, change.Before);

    /// <summary>The attributes after those of the changes whose <c>before</c> is what stands there; the input is left as it is.</summary>
    public static JsonObject Apply(ResourceType type, JsonObject attributes, IEnumerable<AttributeChange> changes)
    {
        var result = attributes;
        foreach (var change in changes)
            if (Fits(type, result, change))
                result = AttributeDiff.Apply(type, result, [change]);
        return result;
    }

    /// <summary>
    /// Whether a change begins where the attributes are: to make it and to take it back must lead to them again, and an element that
    /// it adds must not be there yet (RFC 7643 §2.4: no duplicates).
    /// </summary>
    public static bool Fits(ResourceType type, JsonObject attributes, AttributeChange change)
    {
        var withoutAfter = change.After is null
            || Same(AttributeDiff.Apply(type, attributes, [AttributeChange.Of(change.Path, change.After, null)]));
        if (change.Before is null) return withoutAfter;
        if (!withoutAfter && ChangePath.Of(change.Path).NamesElement(type, change)) return false;
        return Same(AttributeDiff.Apply(type, attributes, [change, Of(change)]));

        bool Same(JsonObject other) => AttributeDiff.Between(type, attributes, other).Count == 0;
    }
}

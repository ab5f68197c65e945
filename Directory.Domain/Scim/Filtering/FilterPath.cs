using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>Reads the <c>PATH</c> of RFC 7644 §3.5.2, figure 7: <c>attrPath / valuePath [subAttr]</c>.</summary>
internal static class FilterPath
{
    public static PathExpression Read(FilterCursor cursor, ResourceType type, Func<AttributeReference, ScimFilter> brackets)
    {
        cursor.SkipSpaces();
        var start = cursor.Index;
        var name = cursor.TakeWhile(AttributePathParser.IsPathCharacter);
        if (name.Length == 0) throw cursor.Fail($"an attribute must stand here, not {cursor.Found()}.");
        var path = cursor.Current != '[' && type.FindExtension(name) is { } extension
            ? new PathExpression(extension, null, null, null)
            : ReadAttribute(cursor, AttributePathParser.Resolve(name, type) ?? throw cursor.FailAt(start, $"{type.Name} has no attribute '{name}'."), brackets);
        cursor.SkipSpaces();
        return cursor.AtEnd ? path : throw cursor.Fail($"the path must end here, not go on with {cursor.Found()}.");
    }

    private static PathExpression ReadAttribute(FilterCursor cursor, AttributeReference attribute, Func<AttributeReference, ScimFilter> brackets)
    {
        if (cursor.Current != '[') return new PathExpression(null, attribute, null, attribute.SubAttribute);
        if (FilterScope.RefuseBrackets(attribute) is { } reason) throw cursor.Fail(reason);
        cursor.TryTake('[');
        var filter = brackets(attribute);
        if (!cursor.TryTake('.')) return new PathExpression(null, attribute, filter, null);
        var at = cursor.Index;
        var name = cursor.TakeWhile(AttributePathParser.IsPathCharacter);
        var sub = attribute.Attribute.Find(name) ?? throw cursor.FailAt(at, $"'{attribute}' has no sub-attribute '{name}'.");
        return new PathExpression(null, attribute, filter, sub);
    }
}

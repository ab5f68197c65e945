using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>Reads what follows an attribute in a filter: <c>SP "pr"</c> or <c>SP compareOp SP compValue</c> (RFC 7644, figure 1).</summary>
internal static class FilterCondition
{
    public static ScimFilter Read(FilterCursor cursor, AttributeReference attribute, int start)
    {
        if (!cursor.SkipSpaces()) throw cursor.Fail($"an operator must follow the attribute, not {cursor.Found()}.");
        var operatorAt = cursor.Index;
        var word = cursor.TakeWhile(char.IsAsciiLetter);
        if (string.Equals(word, "pr", StringComparison.OrdinalIgnoreCase))
            return new Presence(attribute);
        if (!FilterTyping.Operators.TryGetValue(word, out var comparison))
            throw cursor.FailAt(operatorAt, $"{(word.Length == 0 ? cursor.Found() : $"'{word}'")} is not an operator; the operators are eq, ne, co, sw, ew, gt, ge, lt, le and pr.");
        if (!cursor.SkipSpaces() && cursor.Current != '"') throw cursor.Fail($"a value must follow '{word}', not {cursor.Found()}.");
        var valueAt = cursor.Index;
        return Typed(cursor, attribute, comparison, ReadValue(cursor, word), operatorAt, valueAt);
    }

    private static Comparison Typed(
        FilterCursor cursor, AttributeReference attribute, ComparisonOperator comparison, ComparisonValue value, int operatorAt, int valueAt)
    {
        if (value is not ComparisonValue.Null) attribute = ValueOf(attribute);
        var (typed, refusal) = FilterTyping.Convert(attribute.Leaf, attribute.ToString(), comparison, value);
        if (attribute.Leaf.IsComplex && refusal is not null) throw cursor.FailAt(operatorAt, refusal);
        if (FilterTyping.RefuseOperator(attribute.Leaf, attribute.ToString(), comparison) is { } misfit) throw cursor.FailAt(operatorAt, misfit);
        return typed is null ? throw cursor.FailAt(valueAt, refusal!) : new Comparison(attribute, comparison, typed);
    }

    // A complex attribute compared as a whole is compared by its "value" (RFC 7643 §2.4): emails co "example.com".
    private static AttributeReference ValueOf(AttributeReference attribute) =>
        attribute is { SubAttribute: null, Attribute.IsComplex: true } && attribute.Attribute.Find("value") is { } value
            ? attribute with { SubAttribute = value }
            : attribute;

    private static ComparisonValue ReadValue(FilterCursor cursor, string word)
    {
        var start = cursor.Index;
        if (cursor.Current == '"') return new ComparisonValue.Text(cursor.TakeString());
        if (cursor.Current == '-' || char.IsAsciiDigit(cursor.Current)) return new ComparisonValue.Number(cursor.TakeNumber());
        var literal = cursor.TakeWhile(AttributePathParser.IsPathCharacter);
        return literal.ToLowerInvariant() switch
        {
            "true" => new ComparisonValue.Truth(true),
            "false" => new ComparisonValue.Truth(false),
            "null" => new ComparisonValue.Null(),
            "" => throw cursor.Fail($"a value must follow '{word}', not {cursor.Found()}."),
            _ => throw cursor.FailAt(start, $"'{literal}' is not a value; strings and dates stand in quotation marks."),
        };
    }
}

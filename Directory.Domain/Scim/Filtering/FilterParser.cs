using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// Reads the filters of RFC 7644 §3.4.2.2 and the paths of §3.5.2 that contain them. What comes out is resolved and typed: every
/// attribute is one of the schema, every operator fits it. Length, depth and the number of conditions are bounded, so that no text
/// exhausts the stack here or in whoever walks the result.
/// </summary>
public sealed class FilterParser
{
    /// <summary>In UTF-16 units: room for as many conditions as are allowed, each on an id.</summary>
    public const int MaximumLength = 8192;

    /// <summary>Parentheses and brackets within one another.</summary>
    public const int MaximumDepth = 32;

    /// <summary>Comparisons and presence tests in one filter.</summary>
    public const int MaximumConditions = 64;

    private readonly FilterCursor _cursor;
    private readonly FilterScope _scope;
    private int _depth;
    private int _conditions;

    private FilterParser(FilterCursor cursor, FilterScope scope) => (_cursor, _scope) = (cursor, scope);

    /// <summary>
    /// A filter over resources of a type. Searched together with others, it may also name attributes that only those have: here they
    /// have no value (RFC 7644 §3.4.2.1).
    /// </summary>
    /// <exception cref="ScimException">400 invalidFilter, naming the position.</exception>
    public static ScimFilter Parse(string text, ResourceType type, params ReadOnlySpan<ResourceType> together)
    {
        if (text.Length > MaximumLength) throw new ScimException(ScimError.InvalidFilter($"The filter is longer than {MaximumLength} characters."));
        var cursor = new FilterCursor(text, ScimError.InvalidFilterAt);
        return new FilterParser(cursor, new FilterScope(type, null, together.ToArray())).Whole("the filter");
    }

    /// <summary>A valFilter over the elements of one attribute, without the brackets: <c>type eq "work"</c>.</summary>
    /// <exception cref="ScimException">400 invalidFilter, naming the position.</exception>
    public static ScimFilter ParseValueFilter(string text, ResourceType type, AttributeReference attribute)
    {
        if (text.Length > MaximumLength) throw new ScimException(ScimError.InvalidFilter($"The filter is longer than {MaximumLength} characters."));
        var cursor = new FilterCursor(text, ScimError.InvalidFilterAt);
        return new FilterParser(cursor, new FilterScope(type, attribute)).Whole("the filter");
    }

    /// <summary>The path of a PATCH operation. White space around it is not significant.</summary>
    /// <exception cref="ScimException">
    /// 400 invalidPath; invalidFilter for what stands in the brackets, as table 9 of RFC 7644 §3.12 has it.
    /// </exception>
    public static PathExpression ParsePath(string text, ResourceType type)
    {
        if (text.Length > MaximumLength) throw new ScimException(ScimError.InvalidPath(text[..32] + "…", "it is too long."));
        var cursor = new FilterCursor(text, (position, reason) => ScimError.InvalidPath(text, $"at position {position}, {reason}"));
        return FilterPath.Read(cursor, type, attribute => InBrackets(text, cursor, type, attribute));
    }

    private static ScimFilter InBrackets(string text, FilterCursor path, ResourceType type, AttributeReference attribute)
    {
        var cursor = new FilterCursor(text, ScimError.InvalidFilterAt);
        cursor.MoveTo(path.Index);
        var filter = new FilterParser(cursor, new FilterScope(type, attribute)) { _depth = 1 }.ToBracket();
        path.MoveTo(cursor.Index);
        return filter;
    }

    private ScimFilter Whole(string what)
    {
        _cursor.SkipSpaces();
        if (_cursor.AtEnd) throw _cursor.Fail($"{what} is empty.");
        var filter = Disjunction();
        return _cursor.AtEnd ? filter : throw _cursor.Fail($"'and', 'or' or the end of {what} must follow, not {_cursor.Found()}.");
    }

    // "or" binds weaker than "and", "and" weaker than "not" (RFC 7644 §3.4.2.2, order of precedence).
    private ScimFilter Disjunction()
    {
        var filter = Conjunction();
        while (_cursor.TryTakeKeyword("or")) filter = new LogicalOr(filter, Conjunction());
        return filter;
    }

    private ScimFilter Conjunction()
    {
        var filter = Factor();
        while (_cursor.TryTakeKeyword("and")) filter = new LogicalAnd(filter, Factor());
        return filter;
    }

    private ScimFilter Factor()
    {
        _cursor.SkipSpaces();
        ScimFilter filter;
        if (_cursor.TryTakeKeyword("not", beforeParenthesis: true))
        {
            _cursor.SkipSpaces();
            _cursor.TryTake('(');
            filter = new Negation(Group());
        }
        else
        {
            filter = _cursor.TryTake('(') ? Group() : AttributeExpression();
        }
        _cursor.SkipSpaces();
        return filter;
    }

    private ScimFilter Group()
    {
        var opening = _cursor.Index - 1;
        Enter(opening);
        var filter = Disjunction();
        if (!_cursor.TryTake(')'))
            throw _cursor.AtEnd
                ? _cursor.FailAt(opening, "the parenthesis that opens here is never closed.")
                : _cursor.Fail($"'and', 'or' or ')' must follow, not {_cursor.Found()}.");
        _depth--;
        return filter;
    }

    private ScimFilter AttributeExpression()
    {
        var start = _cursor.Index;
        var name = _cursor.TakeWhile(AttributePathParser.IsPathCharacter);
        if (name.Length == 0) throw _cursor.Fail($"an attribute, 'not (' or '(' must stand here, not {_cursor.Found()}.");
        if (_cursor.Current == '[') return ElementExpression(start, name);
        var attribute = _scope.Resolve(name, out var refusal) ?? throw _cursor.FailAt(start, refusal);
        return FilterCondition.Read(_cursor, attribute, Count(start));
    }

    /// <summary>
    /// A valuePath, and the form that Entra sends in filters too, <c>emails[type eq "work"].value eq "x"</c>: one element satisfies
    /// the brackets and what follows them.
    /// </summary>
    private ScimFilter ElementExpression(int start, string name)
    {
        if (_scope.Parent is not null) throw _cursor.Fail("brackets cannot stand within brackets.");
        var attribute = _scope.Resolve(name, out var refusal) ?? throw _cursor.FailAt(start, refusal);
        if (FilterScope.RefuseBrackets(attribute) is { } reason) throw _cursor.Fail(reason);
        var opening = _cursor.Index;
        _cursor.TryTake('[');
        Enter(opening);
        var inner = new FilterParser(_cursor, _scope.Within(attribute)) { _depth = _depth, _conditions = _conditions };
        var filter = inner.ToBracket();
        (_conditions, _depth) = (inner._conditions, _depth - 1);
        if (!_cursor.TryTake('.')) return new ValuePath(attribute, filter);
        var at = _cursor.Index;
        var sub = _scope.Within(attribute).Resolve(_cursor.TakeWhile(AttributePathParser.IsPathCharacter), out refusal) ?? throw _cursor.FailAt(at, refusal);
        return Combine(attribute, filter, FilterCondition.Read(_cursor, sub, Count(at)));
    }

    private ScimFilter ToBracket()
    {
        var filter = Disjunction();
        return _cursor.TryTake(']') ? filter : throw _cursor.Fail($"'and', 'or' or ']' must follow, not {_cursor.Found()}.");
    }

    // "ne" is the negation of "eq" for the whole path, and so is "eq null" that of "ne null": see docs/decisions/0030-filters.md.
    private static ScimFilter Combine(AttributeReference attribute, ScimFilter filter, ScimFilter condition) => condition switch
    {
        Comparison { Value: ComparisonValue.Null, Operator: ComparisonOperator.Equal } c =>
            new Negation(new ValuePath(attribute, new LogicalAnd(filter, new Presence(c.Attribute)))),
        Comparison { Value: ComparisonValue.Null } c => new ValuePath(attribute, new LogicalAnd(filter, new Presence(c.Attribute))),
        Comparison { Operator: ComparisonOperator.NotEqual } c =>
            new Negation(new ValuePath(attribute, new LogicalAnd(filter, c with { Operator = ComparisonOperator.Equal }))),
        _ => new ValuePath(attribute, new LogicalAnd(filter, condition)),
    };

    private void Enter(int opening)
    {
        if (++_depth > MaximumDepth) throw _cursor.FailAt(opening, $"parentheses and brackets are nested more than {MaximumDepth} deep.");
    }

    private int Count(int start) =>
        ++_conditions <= MaximumConditions ? start : throw _cursor.FailAt(start, $"the filter has more than {MaximumConditions} conditions.");
}

using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>The operators of RFC 7644 §3.4.2.2, table 3; <c>pr</c> is <see cref="Presence"/>.</summary>
public enum ComparisonOperator { Equal, NotEqual, Contains, StartsWith, EndsWith, GreaterThan, GreaterOrEqual, LessThan, LessOrEqual }

/// <summary>
/// A filter after parsing and resolution: every attribute is known to the schema and every operator fits its type. Named after
/// the ABNF of RFC 7644 figure 1.
/// </summary>
public abstract record ScimFilter;

/// <summary>
/// <c>attrPath compareOp compValue</c>. Inside a <see cref="ValuePath"/> the reference names attribute and sub-attribute, and the
/// sub-attribute is taken of the element under test.
/// </summary>
public sealed record Comparison(AttributeReference Attribute, ComparisonOperator Operator, ComparisonValue Value) : ScimFilter;

/// <summary><c>attrPath "pr"</c>: the attribute has a value that is neither null nor empty.</summary>
public sealed record Presence(AttributeReference Attribute) : ScimFilter;

/// <summary><c>attrPath "[" valFilter "]"</c>: some element of the attribute satisfies the filter as a whole.</summary>
public sealed record ValuePath(AttributeReference Attribute, ScimFilter Filter) : ScimFilter;

public sealed record LogicalAnd(ScimFilter Left, ScimFilter Right) : ScimFilter;

public sealed record LogicalOr(ScimFilter Left, ScimFilter Right) : ScimFilter;

public sealed record Negation(ScimFilter Inner) : ScimFilter;

/// <summary>
/// The <c>compValue</c>: a JSON string, number, boolean or null, and already of the attribute's type: a dateTime comparison holds a
/// <see cref="Time"/>, a string attribute a <see cref="Text"/>.
/// </summary>
public abstract record ComparisonValue
{
    public sealed record Text(string Value) : ComparisonValue;
    public sealed record Number(decimal Value) : ComparisonValue;
    public sealed record Truth(bool Value) : ComparisonValue;
    public sealed record Time(DateTimeOffset Value) : ComparisonValue;
    public sealed record Null : ComparisonValue;
}

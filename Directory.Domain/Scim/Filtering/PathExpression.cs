using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// The <c>PATH</c> of a PATCH operation (RFC 7644 §3.5.2): <c>attrPath / valuePath [subAttr]</c>, resolved. Either
/// <see cref="Extension"/> alone is set, when the path is just the URI of an extension, or <see cref="Attribute"/> is.
/// </summary>
/// <param name="Extension">The extension the path names as a whole.</param>
/// <param name="Attribute">
/// The attribute. Its SubAttribute is set for <c>name.givenName</c>, and not for <c>emails[...].value</c>: there the filter stands
/// between the two, and the sub-attribute is <see cref="SubAttribute"/>.
/// </param>
/// <param name="Filter">The valFilter in brackets; elements are held against it with <see cref="FilterEvaluator.MatchesElement"/>.</param>
/// <param name="SubAttribute">The sub-attribute behind the dot, with or without a filter before it.</param>
public sealed record PathExpression(
    ResourceSchema? Extension, AttributeReference? Attribute, ScimFilter? Filter, AttributeDefinition? SubAttribute);

using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>
/// Where the values of a filter are found in SQL: the row of a resource, an element of a list, a row of membership. Conditions may be
/// null where a value is absent; <see cref="FilterSql.Write"/> keeps that from being taken for false under a negation.
/// </summary>
internal interface IConditionSource
{
    /// <summary>A comparison with a value other than null, by any operator but <c>ne</c>.</summary>
    string Compare(Comparison comparison);

    string IsPresent(AttributeReference attribute);

    string HasElement(ValuePath path);
}

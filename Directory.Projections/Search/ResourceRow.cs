using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>Conditions on a resource as a whole: columns, membership, or the search document.</summary>
internal sealed class ResourceRow(SearchScope scope, SqlParameters parameters) : IConditionSource
{
    private readonly DocumentSql _document = new(scope.Type, parameters);

    public string Compare(Comparison comparison)
    {
        var attribute = comparison.Attribute;
        if (attribute.Attribute == CommonAttributes.Id)
            return IdSql.Compare("r.id", "", comparison.Operator, Text(comparison), parameters);
        if (attribute.Attribute == CommonAttributes.Meta) return new MetaSql(scope, parameters).Compare(comparison);
        if (attribute.Attribute == CommonAttributes.Schemas) return OnSchemas(comparison);
        if (SearchColumns.TextColumn(scope.Type, attribute) is { } text)
            return TextSql.Compare(text, comparison.Operator, Text(comparison), parameters);
        if (SearchColumns.TruthColumn(scope.Type, attribute) is { } truth)
            // A constant, so that the planner knows how many rows it leaves.
            return comparison.Value is ComparisonValue.Truth { Value: true } ? truth : $"not {truth}";
        // On a relation, a comparison means what it means in brackets: some element satisfies it.
        return Linked(attribute, comparison) ?? _document.Compare(comparison);
    }

    public string IsPresent(AttributeReference attribute)
    {
        if (attribute.Attribute == CommonAttributes.Id || attribute.Attribute == CommonAttributes.Schemas || attribute.Attribute == CommonAttributes.Meta)
            return FilterSql.Always;
        if (SearchColumns.TextColumn(scope.Type, attribute) is { } text) return TextSql.IsPresent(text);
        if (SearchColumns.TruthColumn(scope.Type, attribute) is not null) return FilterSql.Always;
        return Linked(attribute, new Presence(attribute)) ?? _document.IsPresent(attribute);
    }

    public string HasElement(ValuePath path)
    {
        if (path.Attribute.Attribute == CommonAttributes.Meta) return FilterSql.Write(path.Filter, new MetaSql(scope, parameters));
        if (path.Attribute.Attribute == CommonAttributes.Schemas) return OnSchemas(path.Filter);
        return Linked(path.Attribute, path.Filter) ?? _document.HasElement(path);
    }

    private string? Linked(AttributeReference attribute, ScimFilter element) =>
        SearchColumns.IsGroupsOfUser(scope.Type, attribute) ? GroupsOfUser.Exists(scope, element, parameters)
        : SearchColumns.IsMembersOfGroup(scope.Type, attribute) ? MembersOfGroup.Exists(scope, element, parameters)
        : null;

    /// <summary>
    /// The possible schemas are known: the core schema, which every resource has, and the extensions of the type. So the filter is
    /// put to each of them here, and what is left to ask is which extension a resource has.
    /// </summary>
    private string OnSchemas(ScimFilter element)
    {
        if (FilterEvaluator.MatchesElement(element, JsonValue.Create(scope.Type.Schema.Id))) return FilterSql.Always;
        string[] conditions =
        [
            .. scope.Type.Extensions.Select(extension => extension.Schema.Id)
                .Where(uri => FilterEvaluator.MatchesElement(element, JsonValue.Create(uri)))
                .Select(uri => _document.Contains(new JsonObject { [CommonAttributes.Schemas.Name] = new JsonArray(uri) })),
        ];
        return conditions.Length == 0 ? FilterSql.Never : $"({string.Join(" OR ", conditions)})";
    }

    private static string Text(Comparison comparison) =>
        FilterValue.Comparable(comparison.Attribute.Leaf, ((ComparisonValue.Text)comparison.Value).Value);
}

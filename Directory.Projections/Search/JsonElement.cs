using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Search;

/// <summary>Conditions on one value of the search document: an element of a list, or a single attribute.</summary>
/// <param name="json">The value as jsonb.</param>
/// <param name="text">The value as text, where it is a simple one.</param>
/// <param name="parameters">Takes in the values.</param>
internal sealed class JsonElement(string json, string text, SqlParameters parameters) : IConditionSource
{
    /// <summary>Some element of a list satisfies the filter. False where there is no list.</summary>
    public static string Exists(string list, ScimFilter filter, SqlParameters parameters) =>
        $"exists (select from jsonb_array_elements({list}) as e (v) where {FilterSql.Write(filter, new JsonElement("e.v", "(e.v #>> '{}')", parameters))})";

    public string Compare(Comparison comparison)
    {
        if (comparison.Attribute.SubAttribute is not { } sub) return CompareSimple(comparison);
        return sub.MultiValued
            ? Exists(Json(sub), comparison with { Attribute = AsElement(comparison.Attribute) }, parameters)
            : Of(sub).CompareSimple(comparison);
    }

    public string IsPresent(AttributeReference attribute)
    {
        if (attribute.SubAttribute is not { } sub) return IsPresentSimple(attribute.Attribute);
        return sub.MultiValued ? Exists(Json(sub), new Presence(AsElement(attribute)), parameters) : Of(sub).IsPresentSimple(sub);
    }

    public string HasElement(ValuePath path) => throw new ArgumentOutOfRangeException(nameof(path));

    /// <summary>What a value is compared with, as it stands in the search document.</summary>
    public static JsonNode Value(Comparison comparison) => comparison.Value switch
    {
        ComparisonValue.Text value => FilterValue.Comparable(comparison.Attribute.Leaf, value.Value),
        ComparisonValue.Time value => ScimDateTime.Format(value.Value),
        ComparisonValue.Truth value => value.Value,
        ComparisonValue.Number value => value.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private string CompareSimple(Comparison comparison) => comparison.Value switch
    {
        ComparisonValue.Text or ComparisonValue.Time => TextSql.Compare(text, comparison.Operator, Value(comparison).GetValue<string>(), parameters),
        ComparisonValue.Truth truth => $"{json} = {parameters.Json(truth.Value ? "true" : "false")}",
        // Numbers of jsonb are compared as numbers, among themselves.
        ComparisonValue.Number number =>
            $"(jsonb_typeof({json}) = 'number' and {json} {FilterSql.SqlOperator(comparison.Operator)} {parameters.Json(number.Value.ToString(CultureInfo.InvariantCulture))})",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private string IsPresentSimple(AttributeDefinition leaf) =>
        leaf.Type is AttributeType.Complex or AttributeType.Boolean or AttributeType.Integer or AttributeType.Decimal
            ? $"{json} is not null"
            : TextSql.IsPresent(text);

    private JsonElement Of(AttributeDefinition sub) => new(Json(sub), $"({json}->>{DocumentSql.Key(sub.Name)})", parameters);

    private string Json(AttributeDefinition sub) => $"({json}->{DocumentSql.Key(sub.Name)})";

    // An element of a list in an element is addressed like one of a list of simple values.
    private static AttributeReference AsElement(AttributeReference attribute) => new(attribute.Extension, attribute.SubAttribute!, null);
}

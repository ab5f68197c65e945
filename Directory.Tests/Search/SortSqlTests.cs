using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Tests.Scim.Filtering;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

/// <summary>The order in PostgreSQL and the order RFC 7644 §3.4.2.3 asks for, worked out in memory, on the same resources.</summary>
public sealed class SortSqlTests(SearchDatabase database, ITestOutputHelper output) : IClassFixture<SearchDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_attribute_can_be_sorted_by()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var tenant = $"t{Guid.NewGuid():n}";
        var corpus = new SearchCorpus(new Random(seed), tenant);
        await corpus.Fill(database.Source, Cancellation);
        foreach (var (type, resources) in new[] { (BadgeExtension.User, corpus.Users), (ResourceTypes.Group, corpus.Groups) })
            foreach (var attribute in RandomFilters.FilterableAttributes(type).Where(a => !a.Leaf.IsComplex))
                foreach (var descending in new[] { false, true })
                    (await Sorted(type, tenant, attribute, descending)).ShouldBe(
                        InMemory(resources, attribute, descending), $"seed {seed}: {attribute} {descending}");
    }

    [Theory]
    [InlineData("nothing", "no attribute")]
    [InlineData("password", "cannot be sorted by")]
    [InlineData("name", "sub-attributes")]
    [InlineData("addresses", "sub-attributes")]
    [InlineData("userName; drop table scim_user", "no attribute")]
    [InlineData("emails[type eq \"work\"]", "no attribute")]
    public void What_cannot_be_sorted_by_is_refused(string sortBy, string reason)
    {
        var error = Should.Throw<ScimException>(() => SortSql.Resolve(sortBy, ResourceTypes.User)).Error;
        (error.Status, error.ScimType).ShouldBe((400, "invalidValue"));
        error.Detail.ShouldContain(reason);
    }

    [Theory]
    [InlineData("EMAILS", "emails.value")]
    [InlineData("name.familyname", "name.familyName")]
    [InlineData("meta.lastModified", "meta.lastModified")]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value")]
    public void SortBy_names_an_attribute(string sortBy, string attribute) => SortSql.Resolve(sortBy, ResourceTypes.User).ToString().ShouldBe(attribute);

    private async Task<List<Guid>> Sorted(ResourceType type, string tenant, AttributeReference attribute, bool descending)
    {
        await using var command = database.Source.CreateCommand(
            $"select r.id from scim_{type.Name.ToLowerInvariant()} r where r.tenant_id = $1 order by {SortSql.OrderBy(attribute, descending, type)}");
        command.Parameters.Add(new() { Value = tenant });
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation)) found.Add(reader.GetGuid(0));
        return found;
    }

    private static List<Guid> InMemory(List<JsonObject> resources, AttributeReference attribute, bool descending)
    {
        var ascending = resources.OrderBy(r => Key(r, attribute), Comparer<object?>.Create(Compare)).ThenBy(r => (string)r["id"]!, StringComparer.Ordinal);
        var sorted = ascending.Select(SearchCorpus.IdOf).ToList();
        if (descending) sorted.Reverse();
        return sorted;
    }

    private static object? Key(JsonObject resource, AttributeReference attribute)
    {
        // Every resource has several schemas or one, in no order of interest.
        if (attribute.Attribute == CommonAttributes.Schemas) return "";
        var container = attribute.Extension is null ? resource : resource[attribute.Extension.Id];
        var node = container?[attribute.Attribute.Name];
        if (node is JsonArray list) node = list.FirstOrDefault(e => e is JsonObject o && o["primary"]?.GetValueKind() == System.Text.Json.JsonValueKind.True) ?? list[0];
        if (attribute.SubAttribute is not null) node = node?[attribute.SubAttribute.Name];
        if (node is JsonArray inner) node = inner[0];
        if (attribute.Leaf.Name == "version") return decimal.Parse(((string)node!)[3..^1], System.Globalization.CultureInfo.InvariantCulture);
        return attribute.Leaf.Type switch
        {
            AttributeType.Boolean => FilterValue.Truth(node) is { } truth ? truth ? 1m : 0m : null,
            AttributeType.Integer or AttributeType.Decimal => FilterValue.Number(node),
            AttributeType.DateTime => FilterValue.Time(node) is { } time ? (decimal)time.UtcTicks : null,
            _ => FilterValue.Text(node) is { } text ? FilterValue.Comparable(attribute.Leaf, text) : null,
        };
    }

    // Without a value last when ascending, first when descending (RFC 7644 §3.4.2.3).
    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        (string l, string r) => FilterValue.CompareByCodePoint(l, r),
        _ => ((decimal)left).CompareTo((decimal)right),
    };
}

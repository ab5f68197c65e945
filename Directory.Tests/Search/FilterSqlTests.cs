using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Tests.Scim.Filtering;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

/// <summary>The filter in PostgreSQL and the filter in memory, held against each other on the same resources.</summary>
public sealed class FilterSqlTests(SearchDatabase database, ITestOutputHelper output) : IClassFixture<SearchDatabase>
{
    private const int FiltersOfAType = 600;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_finds_what_the_evaluator_finds()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var tenant = $"t{Guid.NewGuid():n}";
        var corpus = new SearchCorpus(random, tenant);
        await corpus.Fill(database.Source, Cancellation);
        await new SearchCorpus(random, tenant + "-other").Fill(database.Source, Cancellation);

        var (pairs, telling) = (0, 0);
        foreach (var (type, resources) in new[] { (BadgeExtension.User, corpus.Users), (ResourceTypes.Group, corpus.Groups) })
            foreach (var filter in Filters(random, type))
            {
                var matched = await Matched(filter, new SearchScope(type, tenant, RandomValues.BaseUrl), resources, seed);
                pairs += resources.Count;
                if (matched > 0 && matched < resources.Count) telling++;
            }

        output.WriteLine($"seed {seed}: {pairs} pairs, {telling} filters that some resources satisfy and some do not");
        pairs.ShouldBeGreaterThan(10_000);
        telling.ShouldBeGreaterThan(FiltersOfAType / 2);
    }

    // Every attribute with every kind of condition, and combinations.
    private static IEnumerable<ScimFilter> Filters(Random random, ResourceType type)
    {
        var filters = new RandomFilters(random, type);
        foreach (var attribute in RandomFilters.FilterableAttributes(type))
            for (var i = 0; i < 12; i++) yield return filters.Condition(attribute);
        for (var i = 0; i < FiltersOfAType; i++) yield return filters.Next();
    }

    private async Task<int> Matched(ScimFilter filter, SearchScope scope, List<JsonObject> resources, int seed)
    {
        var expected = resources.Where(resource => FilterEvaluator.Matches(filter, resource)).Select(SearchCorpus.IdOf).Order().ToList();
        var condition = FilterSql.Compile(filter, scope, firstParameter: 2);
        await using var command = database.Source.CreateCommand($"select r.id from scim_{scope.Type.Name.ToLowerInvariant()} r where r.tenant_id = $1 and {condition.Text}");
        command.Parameters.Add(new NpgsqlParameter { Value = scope.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var parameter in condition.Parameters) command.Parameters.Add(parameter);
        var found = new List<Guid>();
        var context = $"seed {seed}: {FilterPrinter.Print(filter)}\n{condition.Text}";
        try
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation)) found.Add(reader.GetGuid(0));
        }
        catch (PostgresException e)
        {
            throw new InvalidOperationException(context, e);
        }

        found.Except(expected).ShouldBeEmpty(context);
        expected.Except(found).ShouldBeEmpty(context);
        return expected.Count;
    }
}

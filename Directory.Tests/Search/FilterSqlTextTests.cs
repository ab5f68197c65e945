using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Tests.Scim.Filtering;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

public sealed class FilterSqlTextTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private const string Tenant = "default";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void No_text_of_a_client_is_part_of_the_SQL()
    {
        const string marker = "zq'\";--\\";
        foreach (var type in new[] { BadgeExtension.User, ResourceTypes.Group })
            foreach (var attribute in RandomFilters.FilterableAttributes(type).Where(a => a.Leaf.Type is AttributeType.String or AttributeType.Reference or AttributeType.Binary))
                foreach (var comparison in Enum.GetValues<ComparisonOperator>())
                {
                    var filter = new Comparison(attribute, comparison, new ComparisonValue.Text(marker));
                    FilterSql.Compile(filter, new SearchScope(type, marker, marker)).Text.ShouldNotContain("zq", Case.Insensitive);
                    if (attribute.Attribute.IsComplex && attribute.SubAttribute is not null)
                        FilterSql.Compile(new ValuePath(attribute with { SubAttribute = null }, filter), new SearchScope(type, marker, marker))
                            .Text.ShouldNotContain("zq", Case.Insensitive);
                }
    }

    [Fact]
    public void Placeholders_are_numbered_on_from_the_query_around()
    {
        var filter = FilterParser.Parse("userName eq \"a\" and title eq \"b\"", ResourceTypes.User);
        var fragment = FilterSql.Compile(filter, new SearchScope(ResourceTypes.User, Tenant, ""), firstParameter: 4);
        fragment.Text.ShouldContain("$4");
        fragment.Text.ShouldContain("$5");
        fragment.Parameters.Select(p => p.Value).ShouldBe(["a", "{\"title\":\"b\"}"]);
    }

    [Fact]
    public async Task The_largest_filter_that_is_read_can_be_run()
    {
        var wide = string.Join(" or ", Enumerable.Repeat("not (emails[type eq \"work\" and value co \"x\"])", FilterParser.MaximumConditions / 2));
        var deep = string.Concat(Enumerable.Repeat("not (", FilterParser.MaximumDepth)) + "groups.type eq \"direct\"" + new string(')', FilterParser.MaximumDepth);
        foreach (var text in new[] { wide, deep }) await Run(FilterParser.Parse(text, ResourceTypes.User));
    }

    [Fact]
    public async Task Texts_longer_than_an_index_entry_are_kept_and_found()
    {
        var random = new Random(17);
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(_ => char.ConvertFromUtf32(random.Next(0x4E00, 0x9FFF))));
        var user = new JsonObject
        {
            ["displayName"] = text,
            ["name"] = new JsonObject { ["familyName"] = text },
            ["emails"] = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => new JsonObject { ["value"] = text[i..(i + 400)] })]),
        };
        var id = new Guid("11111111-2222-4333-8444-555555555555");
        await using var insert = database.Source.CreateCommand("""
            insert into scim_user (tenant_id, id, version, stream_version, created, last_modified, active, user_name, user_name_key, search, body)
            values ($1, $2, 1, 1, now(), now(), true, 'long', 'long', $3, '')
            """);
        insert.Parameters.Add(new NpgsqlParameter { Value = Tenant });
        insert.Parameters.Add(new NpgsqlParameter { Value = id });
        insert.Parameters.Add(new NpgsqlParameter { Value = SearchDocument.Of(ResourceTypes.User, user).ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await insert.ExecuteNonQueryAsync(Cancellation);

        foreach (var length in new[] { 10, 63, 64, 65, 299, 300, 301, 400, 30_000 })
            foreach (var name in new[] { "displayName", "name.familyName", "emails.value" })
            {
                var whole = name == "emails.value" ? 400 : 30_000;
                if (length > whole) continue;
                var attribute = AttributePathParser.Resolve(name, ResourceTypes.User)!;
                var operand = new ComparisonValue.Text(text[..length]);
                foreach (var comparison in Enum.GetValues<ComparisonOperator>())
                {
                    var filter = new Comparison(attribute, comparison, operand);
                    (await Run(filter)).Contains(id).ShouldBe(FilterEvaluator.Matches(filter, user), $"{name} {comparison} {length}");
                }
            }
    }

    private async Task<List<Guid>> Run(ScimFilter filter)
    {
        var condition = FilterSql.Compile(filter, new SearchScope(ResourceTypes.User, Tenant, "https://x"), firstParameter: 2);
        await using var command = database.Source.CreateCommand($"select r.id from scim_user r where r.tenant_id = $1 and {condition.Text}");
        command.Parameters.Add(new NpgsqlParameter { Value = Tenant });
        foreach (var parameter in condition.Parameters) command.Parameters.Add(parameter);
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation)) found.Add(reader.GetGuid(0));
        return found;
    }
}

using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Projections.Streams;
using Directory.Tests.Scim.Filtering;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

/// <summary>Walks from page to page over random resources, by every attribute that can be sorted by.</summary>
public sealed class WalkTests(SearchDatabase database, ITestOutputHelper output) : IClassFixture<SearchDatabase>
{
    private static readonly ResourceTable Users = ResourceTable.Users(BadgeExtension.User);
    private static readonly ResourceTable Groups = ResourceTable.Groups(ResourceTypes.Group);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_walk_meets_everyone_once_in_the_order_of_any_attribute_and_back()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var tenant = await Fill(random);
        foreach (var table in new[] { Users, Groups })
            foreach (var attribute in RandomFilters.FilterableAttributes(table.Type).Where(a => !a.Leaf.IsComplex))
                foreach (var descending in new[] { false, true })
                {
                    var search = new ResourceSearch(tenant, RandomValues.BaseUrl, [new SearchSource(table, null, attribute, false)], descending);
                    await WalkThereAndBack(search, await Ordered(tenant, table, SortSql.OrderBy(attribute, descending, table.Type)),
                        random.Next(1, 60), $"seed {seed}: {attribute} {descending}");
                }
    }

    [Theory]
    [InlineData("displayName")]
    [InlineData("userName")]
    [InlineData("externalId")]
    [InlineData("members.value")]
    [InlineData("meta.lastModified")]
    [InlineData("active")]
    [InlineData("id")]
    [InlineData(null)]
    public async Task Users_and_groups_are_walked_in_one_order(string? sortBy)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var tenant = await Fill(random);
        foreach (var descending in new[] { false, true })
        {
            SearchSource[] sources =
            [
                .. new[] { Users, Groups }.Select(table => new SearchSource(
                    table, null, sortBy is null ? null : AttributePathParser.Resolve(sortBy, table.Type), Linked: true)),
            ];
            var search = new ResourceSearch(tenant, RandomValues.BaseUrl, sources, descending);
            var list = new ResourceList(database.Source, TimeProvider.System);
            var listed = await list.Find(search, new Page(1, 1000), Cancellation);
            listed.Total.ShouldBe(listed.Resources.Count);
            var ids = listed.Resources.Select(r => r.Id).ToList();
            ids.ShouldBe(await Column("select id from scim_user where tenant_id = $1 union all select id from scim_group where tenant_id = $1", tenant), ignoreOrder: true);
            await WalkThereAndBack(search, ids, random.Next(1, 60), $"seed {seed}: {sortBy} {descending}");
            var start = random.Next(1, ids.Count);
            (await list.Find(search, new Page(start, 7), Cancellation)).Resources.Select(r => r.Id).ShouldBe(ids.Skip(start - 1).Take(7));
        }
    }

    [Fact]
    public async Task A_filter_and_an_attribute_of_the_other_type_apply_where_they_can()
    {
        var tenant = await Fill(new Random(7));
        ResourceType[] types = [Users.Type, Groups.Type];
        var search = new ResourceSearch(tenant, RandomValues.BaseUrl,
            [.. new[] { Users, Groups }.Select(table => new SearchSource(table, FilterParser.Parse("active pr or members pr", table.Type, types), null, false))]);
        var found = await new ResourceList(database.Source, TimeProvider.System).Find(search, new Page(1, 1000), Cancellation);
        found.Resources.Count(r => r.Type == Users.Type).ShouldBe(160);
        found.Resources.Count(r => r.Type == Groups.Type).ShouldBe((int)(await Column(
            "select count(distinct group_id) from group_member where tenant_id = $1 and removed_at is null", tenant, row => row.GetInt64(0))).Single());
    }

    [Fact]
    public async Task The_place_of_someone_deleted_is_still_a_place()
    {
        var tenant = await Fill(new Random(11));
        var search = new ResourceSearch(
            tenant, RandomValues.BaseUrl, [new SearchSource(Users, null, AttributePathParser.Resolve("displayName", Users.Type), false)]);
        var list = new ResourceList(database.Source, TimeProvider.System);
        var all = (await list.Find(search, new Page(1, 1000), Cancellation)).Resources.Select(r => r.Id).ToList();

        var first = await list.Walk(search, ListStep.First, 10, null, Cancellation);
        foreach (var gone in first.Resources) await Delete(tenant, gone);
        var second = await list.Walk(search, first.Next!, 10, null, Cancellation);

        second.Resources.Select(r => r.Id).ShouldBe(all.Skip(10).Take(10));
        second.Total.ShouldBe(all.Count - 10);
        (await list.Walk(search, second.Previous!, 10, null, Cancellation)).Resources.ShouldBeEmpty();
    }

    private async Task WalkThereAndBack(ResourceSearch search, IReadOnlyList<Guid> expected, int count, string context)
    {
        var list = new ResourceList(database.Source, TimeProvider.System);
        var there = new List<Guid>();
        ListStep? previous = null;
        for (ListStep? step = ListStep.First; step is not null;)
        {
            var page = await list.Walk(search, step, count, null, Cancellation);
            page.Total.ShouldBe(expected.Count, context);
            (page.Previous is null).ShouldBe(there.Count == 0, context);
            there.AddRange(page.Resources.Select(r => r.Id));
            (step, previous) = (page.Next, page.Previous);
        }

        there.ShouldBe(expected, context);
        var back = new List<Guid>();
        while (previous is not null)
        {
            var page = await list.Walk(search, previous, count, null, Cancellation);
            page.Next.ShouldNotBeNull(context);
            back.InsertRange(0, page.Resources.Select(r => r.Id));
            previous = page.Previous;
        }

        back.ShouldBe(expected.Take(back.Count), context);
        (expected.Count - back.Count).ShouldBeInRange(0, count, context);
    }

    private async Task<string> Fill(Random random)
    {
        var tenant = $"t{Guid.NewGuid():n}";
        await new SearchCorpus(random, tenant).Fill(database.Source, Cancellation);
        return tenant;
    }

    private Task<List<Guid>> Ordered(string tenant, ResourceTable table, string order) =>
        Column($"select r.id from {table.Name} r where r.tenant_id = $1 order by {order}", tenant);

    private Task<List<Guid>> Column(string sql, string tenant) => Column(sql, tenant, row => row.GetGuid(0));

    private async Task<List<T>> Column<T>(string sql, string tenant, Func<NpgsqlDataReader, T> read)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var values = new List<T>();
        while (await reader.ReadAsync(Cancellation)) values.Add(read(reader));
        return values;
    }

    private Task Delete(string tenant, StoredResource user) =>
        database.Execute($"delete from scim_user where tenant_id = '{tenant}' and id = '{user.Id}'");
}

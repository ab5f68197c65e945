using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

/// <summary>The total and the beginning of a page come from counts of stretches of ids, and must be what counting one by one gives.</summary>
public sealed class ListBlocksTests(SearchDatabase database, ITestOutputHelper output) : IClassFixture<SearchDatabase>
{
    private static readonly ResourceTable Users = ResourceTable.Users(ResourceTypes.User);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_and_totals_are_exact_whatever_is_created_deleted_and_restored()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var tenant = NewTenant();
        var list = new ResourceList(database.Source, new HurryingClock());
        var ids = new List<Guid>();
        for (var round = 0; round < 12; round++)
        {
            ids.AddRange(await Insert(tenant, [.. Enumerable.Range(0, random.Next(50, 1500)).Select(_ => NewId(random))]));
            var gone = ids.Where(_ => random.Next(6) == 0).ToArray();
            await Delete(tenant, gone);
            ids.RemoveAll(id => gone.Contains(id));
            ids.AddRange(await Insert(tenant, [.. gone.Where(_ => random.Next(3) == 0)]));
            var expected = ids.OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
            for (var i = 0; i < 20; i++)
            {
                var (start, count) = (random.Next(1, expected.Count + 20), random.Next(1, 200));
                var page = await list.Find(Everyone(tenant), new Page(start, count), Cancellation);
                page.Total.ShouldBe(expected.Count, $"seed {seed}");
                page.Resources.Select(r => r.Id).ShouldBe(expected.Skip(start - 1).Take(count), $"seed {seed}: {start}, {count}");
            }
        }

        (await Scalar("select count(*) from scim_block where tenant_id = $1", tenant)).ShouldBeGreaterThan(4, "no block was made, so none was tested");
    }

    [Fact]
    public async Task Writers_and_readers_at_once_lose_no_count()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var tenant = NewTenant();
        var list = new ResourceList(database.Source, new HurryingClock());
        var writers = Enumerable.Range(0, 6).Select(n => Write(tenant, new Random(seed + n))).ToArray();
        var written = Task.WhenAll(writers);
        while (!written.IsCompleted) await list.Find(Everyone(tenant), new Page(1, 1), Cancellation);
        await written;

        var found = await list.Find(Everyone(tenant), new Page(1, 1), Cancellation);
        found.Total.ShouldBe(await Scalar("select count(*) from scim_user where tenant_id = $1", tenant), $"seed {seed}");
        (await Scalar(WrongBlocks, tenant)).ShouldBe(0, $"seed {seed}");
        (await Scalar("select count(*) from scim_block where tenant_id = $1", tenant)).ShouldBeGreaterThan(1, $"seed {seed}: {found.Total}");
    }

    [Theory]
    [InlineData("delete from scim_user")]
    [InlineData("truncate scim_user")]
    [InlineData("delete from scim_block")]
    public async Task A_rebuild_begins_anew(string emptying)
    {
        var tenant = NewTenant();
        var list = new ResourceList(database.Source, new HurryingClock());
        var random = new Random(3);
        await Insert(tenant, [.. Enumerable.Range(0, 1200).Select(_ => NewId(random))]);
        (await list.Find(Everyone(tenant), new Page(1, 1), Cancellation)).Total.ShouldBe(1200);
        await database.Execute(emptying);
        var left = await Scalar("select count(*) from scim_user where tenant_id = $1", tenant);
        (await list.Find(Everyone(tenant), new Page(1, 1), Cancellation)).Total.ShouldBe(left);
        await Insert(tenant, [NewId(random), NewId(random)]);
        (await list.Find(Everyone(tenant), new Page(1, 1), Cancellation)).Total.ShouldBe(left + 2);
    }

    [Fact]
    public async Task An_id_ahead_of_its_time_ends_no_block()
    {
        var tenant = NewTenant();
        var list = new ResourceList(database.Source, TimeProvider.System);
        await Insert(tenant, [.. Enumerable.Range(0, 1200).Select(_ => Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-1)))]);
        await Insert(tenant, [.. Enumerable.Range(0, 1200).Select(_ => Guid.CreateVersion7(DateTimeOffset.UtcNow.AddYears(1)))]);
        (await list.Find(Everyone(tenant), new Page(1, 1), Cancellation)).Total.ShouldBe(2400);
        (await Scalar("select count(*) from scim_block where tenant_id = $1", tenant)).ShouldBe(2);
        (await list.Find(Everyone(tenant), new Page(2400, 5), Cancellation)).Resources.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_deep_page_begins_at_a_block()
    {
        var tenant = NewTenant();
        var list = new ResourceList(database.Source, new HurryingClock());
        var random = new Random(5);
        await Insert(tenant, [.. Enumerable.Range(0, 6000).Select(_ => NewId(random))]);
        (await list.Find(Everyone(tenant), new Page(1, 1), Cancellation)).Total.ShouldBe(6000);

        (await Scalar("select count(*) from scim_block where tenant_id = $1 and resources <= 500", tenant)).ShouldBe(12);
        (await Scalar($"with start as ({ListBlocks.Start("scim_user").Replace("$2", "5800", StringComparison.Ordinal)}) select upto from start", tenant)).ShouldBe(5500);
    }

    private const string WrongBlocks = """
        select count(*) from (
            select *, lag(last_id, 1, '00000000-0000-0000-0000-000000000000') over (order by last_id) as after from scim_block where tenant_id = $1) b
        where b.resources <> (select count(*) from scim_user r where r.tenant_id = b.tenant_id and r.id > b.after and r.id <= b.last_id)
        """;

    // Creates with new and with old ids, deletes, and transactions that stay open over several of them or are given up.
    private async Task Write(string tenant, Random random)
    {
        var mine = new List<Guid>();
        for (var i = 0; i < 60; i++)
        {
            await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            Guid[] added = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => NewId(random))];
            Guid[] gone = [.. mine.Where(_ => random.Next(80) == 0)];
            try
            {
                await Run(connection, Inserting, tenant, added);
                await Run(connection, Deleting, tenant, gone);
                if (random.Next(8) == 0) continue;
                await transaction.CommitAsync(Cancellation);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                continue; // two that count in the same blocks in different orders; the service tries again
            }

            mine.RemoveAll(id => gone.Contains(id));
            mine.AddRange(added);
        }
    }

    private const string Inserting = """
        insert into scim_user (tenant_id, id, version, stream_version, created, last_modified, active, user_name, user_name_key, search, body)
        select $1, id, 1, 1, now(), now(), true, id, id, '{}', '{}' from unnest($2) as n (id) order by id
        """;

    private const string Deleting = "delete from scim_user where tenant_id = $1 and id = any($2)";

    private async Task<Guid[]> Insert(string tenant, Guid[] ids)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await Run(connection, Inserting, tenant, ids);
        return ids;
    }

    private async Task Delete(string tenant, Guid[] ids)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await Run(connection, Deleting, tenant, ids);
    }

    private static async Task Run(NpgsqlConnection connection, string sql, string tenant, Guid[] ids)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        command.Parameters.Add(new NpgsqlParameter { Value = ids });
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<long> Scalar(string sql, string tenant)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static ResourceSearch Everyone(string tenant) => new(tenant, "https://x", [new SearchSource(Users, null, null, Linked: false)]);

    private static string NewTenant() => $"t{Guid.NewGuid():n}";

    // Mostly in the order of time, as ids are made, and some between older ones, as after a restore.
    private static Guid NewId(Random random) => random.Next(5) == 0
        ? Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddSeconds(random.Next(1_000_000_000)))
        : Guid.CreateVersion7();

    /// <summary>A second passes between any two looks, so that every reader may make blocks.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        private long _seconds;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddSeconds(Interlocked.Increment(ref _seconds));
    }
}

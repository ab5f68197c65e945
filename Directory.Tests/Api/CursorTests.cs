using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Provisioning;
using Directory.Projections.Search;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>RFC 9865.</summary>
public sealed class CursorTests(SmallDirectory directory) : IClassFixture<SmallDirectory>
{
    [Fact]
    public async Task an_empty_cursor_begins_a_walk_and_no_next_cursor_ends_it()
    {
        var first = await directory.Scim("GET", "/Users?cursor&count=4");
        first.Status.ShouldBe(200, first.Text);
        first.Body!.AsObject().Select(m => m.Key).ShouldBe(["schemas", "totalResults", "nextCursor", "itemsPerPage", "Resources"]);
        ((int)first.Body["totalResults"]!).ShouldBe(10);
        ((int)first.Body["itemsPerPage"]!).ShouldBe(4);
        var second = await directory.Scim("GET", $"/Users?count=4&cursor={first.Body["nextCursor"]}");
        second.Body!.AsObject().ContainsKey("previousCursor").ShouldBeTrue();
        var third = await directory.Scim("GET", $"/Users?count=4&cursor={second.Body["nextCursor"]}");
        third.Body!.AsObject().ContainsKey("nextCursor").ShouldBeFalse();
        Ids(first).Concat(Ids(second)).Concat(Ids(third)).ShouldBe(directory.Users);
        Ids(await directory.Scim("GET", $"/Users?count=4&cursor={second.Body["previousCursor"]}")).ShouldBe(directory.Users.Take(4));
        Ids(await directory.Scim("GET", $"/Users?count=4&cursor={third.Body["previousCursor"]}")).ShouldBe(directory.Users.Skip(4).Take(4));
    }

    [Theory]
    [InlineData("/Users/.search")]
    [InlineData("/.search")]
    public async Task a_search_by_POST_walks_too(string endpoint)
    {
        var met = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await directory.Scim("POST", endpoint, ListTests.Search(
                ("cursor", cursor), ("count", 3), ("filter", "displayName sw \"name\""), ("sortBy", "displayName"), ("sortOrder", "descending")));
            page.Status.ShouldBe(200, page.Text);
            met.AddRange(page.Resources.Select(r => (string)r!["displayName"]!));
            ((int)page.Body!["totalResults"]!).ShouldBe(endpoint == "/.search" ? 11 : 10);
            cursor = (string?)page.Body["nextCursor"];
        }

        met.ShouldBe(met.OrderDescending(StringComparer.Ordinal));
        met.Count.ShouldBe(endpoint == "/.search" ? 11 : 10);
    }

    [Theory]
    [InlineData("?cursor&count=0", "invalidCount")]
    [InlineData("?cursor&count=-1", "invalidCount")]
    [InlineData("?cursor&count=x", "invalidCount")]
    [InlineData("?cursor=x", "invalidCursor")]
    [InlineData("?cursor=%F0%9F%98%80", "invalidCursor")]
    [InlineData("?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "invalidCursor")]
    [InlineData("?cursor&startIndex=1", "invalidValue")]
    public async Task a_bad_cursor_or_count_is_refused(string query, string scimType)
    {
        var answer = await directory.Scim("GET", "/Users" + query);
        (answer.Status, answer.ScimType).ShouldBe((400, scimType), answer.Text);
    }

    [Theory]
    [InlineData("/Groups?count=2")]
    [InlineData("?count=2")]
    [InlineData("/Users?count=2")]
    [InlineData("/Users?count=2&filter=userName%20sw%20%22u%22")]
    [InlineData("/Users?count=2&filter=userName%20sw%20%22user%22&sortBy=userName")]
    public async Task a_cursor_is_good_for_its_own_query_only(string other)
    {
        var cursor = await NextCursor("/Users?cursor&count=2&filter=userName%20sw%20%22user%22");
        var answer = await directory.Scim("GET", $"{other}&cursor={cursor}");
        (answer.Status, answer.ScimType).ShouldBe((400, "invalidCursor"), answer.Text);
        // RFC 9865 §2 writes the same attribute in two ways.
        var same = await directory.Scim("GET", $"/Users?count=3&attributes=id&filter=username%20SW%20%22user%22&cursor={cursor}");
        same.Status.ShouldBe(200, same.Text);
    }

    [Fact]
    public async Task a_cursor_cannot_be_altered_and_tells_nothing()
    {
        var cursor = (await NextCursor("/Users?cursor&count=2&sortBy=userName"))!;
        cursor.ShouldMatch("^[A-Za-z0-9_-]+$");
        System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)).ShouldNotContain("user1");
        for (var i = 0; i < cursor.Length - 1; i++)
        {
            var altered = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            (await directory.Scim("GET", $"/Users?count=2&sortBy=userName&cursor={altered}")).ScimType.ShouldBe("invalidCursor", $"{i}");
        }
    }

    [Fact]
    public async Task a_cursor_expires_when_it_was_announced()
    {
        var announced = (await directory.Scim("GET", "/ServiceProviderConfig")).Body!["pagination"]!;
        announced.ToJsonString().ShouldBe(
            $$"""{"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":{{Page.DefaultCount}},"maxPageSize":{{Page.MaximumCount}},"cursorTimeout":{{ListCursor.TimeoutSeconds}}}""");
        foreach (var (age, scimType) in new[] { (ListCursor.TimeoutSeconds - 60, null), (ListCursor.TimeoutSeconds + 60, "expiredCursor") })
        {
            var clock = new EarlierClock(directory.Services.GetRequiredService<TimeProvider>(), TimeSpan.FromSeconds(age));
            var then = new ListCursor(directory.Services.GetRequiredService<InstallationSecret>(), clock);
            var search = new ResourceSearch("default", "", [new SearchSource(ResourceTable.Users(ResourceTypes.User), null, null, true)]);
            var cursor = then.Write(new ListStep(new ListPosition(null, Guid.Parse(directory.Users[3])), Backward: false), 10, search);
            (await directory.Scim("GET", $"/Users?cursor={cursor}")).ScimType.ShouldBe(scimType);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sortBy=userName")]
    [InlineData("&sortBy=displayName&sortOrder=descending")]
    [InlineData("&filter=active%20eq%20true")]
    public async Task a_walk_over_20000_users_meets_everyone_once_while_50_are_deleted(string query)
    {
        var tag = $"w{Guid.NewGuid():n}";
        var victims = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            await InsertUsers(399, $"{tag}-{i:00}a");
            victims.Add((await directory.Scim("POST", "/Users", Some.User($"{tag}-{i:00}b@example.com", ("displayName", $"{tag} {i:00}")))).Id);
        }

        var deleting = Task.Run(async () =>
        {
            foreach (var id in victims) (await directory.Scim("DELETE", $"/Users/{id}")).Status.ShouldBe(204);
        }, TestContext.Current.CancellationToken);
        var met = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await directory.Scim("GET", $"/Users?count=200&attributes=id{query}&cursor={cursor}");
            page.Status.ShouldBe(200, page.Text);
            met.AddRange(Ids(page));
            cursor = (string?)page.Body!["nextCursor"];
        }

        await deleting;
        var live = await directory.Column<Guid>("select id from scim_user");
        live.Count.ShouldBeGreaterThanOrEqualTo(19_950);
        met.Distinct().Count().ShouldBe(met.Count, "nobody twice");
        live.Select(id => id.ToString()).Except(met).ShouldBeEmpty("everybody who is still there");
        met.Except(live.Select(id => id.ToString())).Except(victims).ShouldBeEmpty("nobody who never was there");
        await directory.Column<Guid>("delete from scim_user where user_name like $1 returning id", tag + "%");
    }

    // As rows only: these are read, and never written to through the service.
    private async Task InsertUsers(int count, string name)
    {
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
        await using var command = directory.Database.CreateCommand("""
            insert into scim_user (tenant_id, id, version, stream_version, created, last_modified, active, user_name, user_name_key, search, body)
            select 'default', id, 1, 1, now(), now(), true, $2 || n, $2 || n, case when n % 3 = 0 then '{}' else jsonb_build_object('displayName', $2 || n % 7) end,
                '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"' || id || '","meta":{"resourceType":"User"}}'
            from unnest($1) with ordinality as u (id, n)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = ids });
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string?> NextCursor(string path) => (string?)(await directory.Scim("GET", path)).Body!["nextCursor"];

    private static IEnumerable<string> Ids(ScimAnswer answer) => answer.Resources.Select(r => (string)r!["id"]!);

    private sealed class EarlierClock(TimeProvider clock, TimeSpan age) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() - age;
    }
}

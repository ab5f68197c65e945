using System.Text.Json.Nodes;
using Directory.Projections;
using Directory.Projections.Audit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

public sealed class RebuildTests(DirectoryFixture directory, ITestOutputHelper output) : IClassFixture<DirectoryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_rebuild_from_the_events_gives_every_row_again_after_requests_by_chance()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var requests = new RandomRequests(directory, seed);
        await requests.Send(300);
        output.WriteLine(string.Join(", ", requests.Statuses.Select(s => $"{s.Value} × {s.Key}")));
        requests.Statuses.Keys.ShouldBe([200, 201, 204, 400, 404, 409], ignoreOrder: true, $"seed {seed}: the script is too tame");
        await Invariants.ShouldHold(directory);

        await RebuildAndCompare($"seed {seed}");

        // Inline writing goes on where the rebuild has ended.
        await requests.Send(60);
        await Invariants.ShouldHold(directory);
        await RebuildAndCompare($"seed {seed}, second time");
    }

    [Fact]
    public async Task users_and_groups_that_swapped_names_survive_a_rebuild()
    {
        var (one, two) = (await Create("/Users", Some.User("swap-one")), await Create("/Users", Some.User("swap-two")));
        foreach (var (id, name) in ((string, string)[])[(one, "swap-three"), (two, "swap-one"), (one, "swap-two")])
            (await directory.Scim("PATCH", $"/Users/{id}", Some.Patch("replace", "userName", name))).Status.ShouldBe(200);
        var (three, four) = (await Create("/Groups", Some.Group("swap-one", one)), await Create("/Groups", Some.Group("swap-two", two)));
        foreach (var (id, name) in ((string, string)[])[(three, "swap-three"), (four, "swap-one"), (three, "swap-two")])
            (await directory.Scim("PATCH", $"/Groups/{id}", Some.Patch("replace", "displayName", name))).Status.ShouldBe(204);

        await RebuildAndCompare("swapped names");

        ((string?)(await directory.Scim("GET", $"/Users/{one}")).Body!["userName"]).ShouldBe("swap-two");
        ((string?)(await directory.Scim("GET", $"/Groups/{three}")).Body!["displayName"]).ShouldBe("swap-two");
    }

    private async Task RebuildAndCompare(string when)
    {
        await Follow();
        var before = await Dump();
        using var daemon = await directory.Store.BuildProjectionDaemonAsync();
        foreach (var projection in DirectoryStore.Projections.Keys)
        {
            await daemon.RebuildProjectionAsync(projection, Cancellation);
            await Follow();
            foreach (var (table, rows) in await Dump()) rows.ShouldBe(before[table], $"{table} after the rebuild of {projection}, {when}");
        }
    }

    /// <summary>What follows the writes in the background, here at once.</summary>
    private async Task Follow()
    {
        var watch = directory.Services.GetRequiredService<AuditWatch>();
        var newest = (await directory.Column<long>("select coalesce(max(seq), 0) from audit_entry"))[0];
        while ((await watch.Advance(Cancellation)).Through < newest) watch.Progress.Fault.ShouldBeNull();
    }

    private async Task<Dictionary<string, IReadOnlyList<string>>> Dump()
    {
        var rows = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var table in DirectoryStore.Projections.Values.SelectMany(tables => tables).Distinct().Where(table => table != "audit_span")) // where a run of numbers ends depends on when it was looked at
            rows[table] = await directory.Column<string>($"select t::text from {table} t order by t::text");
        return rows;
    }

    private async Task<string> Create(string path, JsonObject body) => (await directory.Scim("POST", path, body)).Id;
}

using Directory.Projections;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Rebuilding;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Rebuilding;

/// <summary>What <see cref="ProjectionRebuild"/> makes is what was written with the events, whatever happens meanwhile.</summary>
public sealed class ProjectionRebuildTests(DirectoryFixture directory, ITestOutputHelper output) : IClassFixture<DirectoryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ProjectionRebuild Rebuild => directory.Services.GetRequiredService<ProjectionRebuild>();

    public static TheoryData<string> Projections => [.. DirectoryStore.Projections.Keys];

    [Fact]
    public async Task every_row_comes_again_after_requests_by_chance()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var requests = new RandomRequests(directory, seed);
        await requests.Send(300);
        await Erase(await directory.Column<Guid>("select id from scim_user order by id limit 1"));
        var before = await Dump();

        foreach (var projection in DirectoryStore.Projections.Keys)
        {
            (await Rebuild.Run(projection, null, Cancellation)).ShouldBeGreaterThan(10, projection);
            await ShouldBe(before, $"seed {seed}, after the rebuild of {projection}");
        }

        await requests.Send(60);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task memberships_that_last_over_many_pages_of_events_come_again()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var requests = new RandomRequests(directory, seed);
        for (var page = 0; page < 12; page++)
        {
            await requests.Send(40);
            await Execute("select setval('mt_events_sequence', (select last_value + 4096 from mt_events_sequence))");
        }

        await Erase(await directory.Column<Guid>("select member_id from group_member where member_type = 'User' and removed_at is null order by member_id limit 1"));
        var before = await Dump();

        await Rebuild.Run("Membership", null, Cancellation);

        await ShouldBe(before, $"seed {seed}");
    }

    [Fact]
    public async Task what_was_damaged_is_as_it_was()
    {
        await new RandomRequests(directory, 4711).Send(80);
        var before = await Dump();
        await Execute("""
            update audit_entry set sentence = 'Nobody did anything' where seq % 3 = 0;
            delete from audit_entry where seq % 5 = 0;
            insert into audit_entry select gen_random_uuid(), 1000000 + seq, tenant_id, stream_type, stream_id, stream_version, event_type, action, time,
                actor_kind, actor_id, actor_name, token_id, request_id, target_name, external_id, changes, members, no_op, sentence, detail
                from audit_entry limit 3;
            delete from audit_term; delete from audit_span; delete from scim_user; update scim_group set body = '{}'; delete from deleted_user;
            delete from group_member where removed_at is null
            """);

        foreach (var projection in DirectoryStore.Projections.Keys) await Rebuild.Run(projection, null, Cancellation);

        await ShouldBe(before, "after all rebuilds");
        await Invariants.ShouldHold(directory);
    }

    [Theory]
    [MemberData(nameof(Projections))]
    public async Task nothing_is_lost_or_doubled_by_those_who_write_meanwhile(string projection)
    {
        var requests = new RandomRequests(directory, projection.Length);
        await requests.Send(60);
        var erased = await Create("/Users", Some.User($"to-be-erased-during-{projection}"));
        await Create("/Groups", Some.Group($"Group during {projection}", erased));
        await Follow();

        // A reader keeps the new tables from taking their place until enough has been written.
        await using var reader = await directory.Database.OpenConnectionAsync(Cancellation);
        await using var reading = await reader.BeginTransactionAsync(Cancellation);
        await Execute(reader, $"select count(*) from {DirectoryStore.Projections[projection][0]}");
        var stages = new Stages(RebuildStage.Swapping);
        var running = Rebuild.Run(projection, stages, Cancellation);
        await await Task.WhenAny(stages.Reached, running).WaitAsync(Cancellation); // a rebuild that fails never gets there
        await requests.Send(40);
        await Erase([Guid.Parse(erased)]);
        running.IsCompleted.ShouldBeFalse();
        await reading.CommitAsync(Cancellation);
        await running;

        await Invariants.ShouldHold(directory);
        var after = await Dump();
        after.Values.SelectMany(rows => rows).ShouldNotContain(row => row.Contains("to-be-erased-during-" + projection, StringComparison.Ordinal));
        using var daemon = await directory.Store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync(projection, Cancellation);
        await ShouldBe(after, $"the rebuild of {projection} by the event store");
        await requests.Send(20);
        await Invariants.ShouldHold(directory);
    }

    [Theory]
    [MemberData(nameof(Projections))]
    public async Task indexes_constraints_triggers_and_rights_are_those_of_before(string projection)
    {
        await Execute($"do $$ begin create role \"A Reader\"; exception when duplicate_object then null; end $$; grant select on {DirectoryStore.Projections[projection][0]} to \"A Reader\"");
        const string Definitions = """
            select pg_get_indexdef(indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid where c.relname = any($1)
            union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid::regclass::text = any($1)
            union all select pg_get_triggerdef(oid) from pg_trigger where tgrelid::regclass::text = any($1) and not tgisinternal
            union all select relname || ' ' || coalesce(relacl::text, '') || ' ' || coalesce(reloptions::text, '') from pg_class where relname = any($1)
            union all select table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || ordinal_position || ' ' || coalesce(collation_name, '')
                from information_schema.columns where table_name = any($1)
            order by 1
            """;
        string[] tables = DirectoryStore.Projections[projection];
        var before = await directory.Column<string>(Definitions, [tables]);
        before.Count.ShouldBeGreaterThan(tables.Length * 3);

        await Rebuild.Run(projection, null, Cancellation);

        (await directory.Column<string>(Definitions, [tables])).ShouldBe(before);
        (await directory.Scalar<long>("select count(*) from pg_namespace where nspname = 'rebuild'")).ShouldBe(0);
    }

    [Fact]
    public async Task broken_off_it_leaves_everything_as_it_was_and_only_one_runs_at_a_time()
    {
        await new RandomRequests(directory, 1).Send(30);
        var before = await Dump();
        await using var reader = await directory.Database.OpenConnectionAsync(Cancellation);
        await using var reading = await reader.BeginTransactionAsync(Cancellation);
        await Execute(reader, "select count(*) from audit_entry");
        var stages = new Stages(RebuildStage.Swapping);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = Rebuild.Run("Audit", stages, stop.Token);
        await await Task.WhenAny(stages.Reached, running).WaitAsync(Cancellation); // a rebuild that fails never gets there

        await Should.ThrowAsync<RebuildRunningException>(() => Rebuild.Run("Users", null, Cancellation));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);

        await reading.CommitAsync(Cancellation);
        await ShouldBe(before, "after one that was broken off");
        (await directory.Scalar<long>("select count(*) from pg_namespace where nspname = 'rebuild'")).ShouldBe(0);
        await Rebuild.Run("Users", null, Cancellation);
    }

    [Fact]
    public async Task an_event_that_cannot_be_read_is_not_passed_over()
    {
        await using var poisoned = new PoisonedDirectory(directory);
        var before = await Dump();
        var number = await poisoned.Insert();

        foreach (var projection in DirectoryStore.Projections.Keys.Where(name => name is "Audit" or "Membership"))
            (await Should.ThrowAsync<InvalidOperationException>(() => Rebuild.Run(projection, null, Cancellation))).Message.ShouldContain($"The event {number} of type 'user_vanished'");

        await ShouldBe(before, "after a rebuild that stopped");
    }

    private Task<ErasureReceipt[]> Erase(IReadOnlyList<Guid> users) => Task.WhenAll(users.Select(user =>
        directory.Services.GetRequiredService<ErasureStream>().Erase(
            new Origin("default", Actor.Service, "erasure"), user, Guid.NewGuid(), "asked for", Cancellation)));

    private async Task ShouldBe(Dictionary<string, IReadOnlyList<string>> before, string when)
    {
        foreach (var (table, rows) in await Dump())
        {
            rows.Except(before[table]).ShouldBeEmpty($"{table} has rows that were not there, {when}");
            rows.ShouldBe(before[table], $"{table}, {when}");
        }
    }

    private async Task Follow()
    {
        var watch = directory.Services.GetRequiredService<AuditWatch>();
        var newest = await directory.Scalar<long>("select coalesce(max(seq_id), 0) from mt_events");
        while ((await watch.Advance(Cancellation)).Through < newest && watch.Progress.Fault is null) { }
    }

    /// <summary>Every row but those of <c>audit_span</c>, of which it only counts that they have no hole: where a run ends is chance.</summary>
    private async Task<Dictionary<string, IReadOnlyList<string>>> Dump()
    {
        await Follow();
        var rows = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var table in DirectoryStore.Projections.Values.SelectMany(tables => tables).Where(table => table != "audit_span"))
            rows[table] = await directory.Column<string>($"select t::text from {table} t order by t::text");
        rows["audit_span"] = await directory.Column<string>("""
            select 'from ' || min(first_seq) || ' to ' || max(last_seq) || ', times ' || min(first_time) || ' ' || max(last_time)
                || ', holes ' || max(last_seq) - min(first_seq) + 1 - sum(last_seq - first_seq + 1) from audit_span
            """);
        return rows;
    }

    private async Task<string> Create(string path, System.Text.Json.Nodes.JsonObject body) => (await directory.Scim("POST", path, body)).Id;

    private async Task Execute(string sql)
    {
        await using var connection = await directory.Database.OpenConnectionAsync(Cancellation);
        await Execute(connection, sql);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Tells when a stage is reached.</summary>
    private sealed class Stages(RebuildStage stage) : IProgress<RebuildProgress>
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Report(RebuildProgress value)
        {
            if (value.Stage == stage) _reached.TrySetResult();
        }
    }

    /// <summary>An event of a type that this version does not know, taken away at the end.</summary>
    private sealed class PoisonedDirectory(DirectoryFixture directory) : IAsyncDisposable
    {
        public Task<long> Insert() => directory.Scalar<long>("""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            select nextval('mt_events_sequence'), gen_random_uuid(), stream_id, 1000, '{}', 'user_vanished', now(), tenant_id, '', false
            from mt_events limit 1 returning seq_id
            """);

        public async ValueTask DisposeAsync() => await directory.Column<long>("delete from mt_events where type = 'user_vanished' returning seq_id");
    }
}

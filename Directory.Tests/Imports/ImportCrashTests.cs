using System.Text.Json.Nodes;
using Directory.Api.Hosting;
using Directory.Domain.Imports;
using Directory.Projections.Imports;
using Directory.Projections.Jobs;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Imports;

/// <summary>Whatever ends an import before its commit, nothing of it is left, and its job says so.</summary>
public sealed class ImportCrashTests(KnownFixture directory) : IClassFixture<KnownFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("killed between two batches")]
    [InlineData("killed before the commit")]
    [InlineData("cancelled before the commit")]
    public async Task an_import_that_ends_early_leaves_nothing(string how)
    {
        var name = how.Replace(' ', '-');
        var import = await directory.Checked($"userName,groups\n{string.Join('\n', Enumerable.Range(1, 500).Select(i => $"{name}{i}@example.com,{name}"))}\n");
        var stored = await directory.Services.GetRequiredService<ImportTable>().Find(DirectorySettings.DefaultTenant, Guid.Parse((string)import["id"]!), Cancellation);
        var events = await directory.Events();
        var (written, pid) = (0L, 0);

        var run = directory.Services.GetRequiredService<ImportStream>().Run(
            new Origin(DirectorySettings.DefaultTenant, new Actor(Actor.Admin, "a", "Root"), $"r-{name}"), stored!, Guid.CreateVersion7,
            (done, _) =>
            {
                written = done;
                if (how == "killed between two batches" && done >= 200) Kill(pid = ImporterPid());
            },
            async (connection, completed) =>
            {
                completed.UsersCreated.ShouldBe(500);
                if (how.StartsWith("cancelled", StringComparison.Ordinal)) throw new JobLostException();
                Kill(pid = connection.ProcessID);
                await Task.CompletedTask;
            }, Cancellation);
        var failure = await Should.ThrowAsync<Exception>(run);

        if (how.StartsWith("cancelled", StringComparison.Ordinal)) failure.ShouldBeOfType<JobLostException>();
        else pid.ShouldBeGreaterThan(0);
        written.ShouldBeGreaterThan(0);
        (await directory.Events()).ShouldBe(events);
        (await directory.Scalar<long>("select count(*) from scim_user where user_name like $1", name + "%")).ShouldBe(0);
        (await directory.Column<string>("select s::text from mt_streams s where s.version > 0 and not exists (select from mt_events e where e.stream_id = s.id)")).ShouldBeEmpty();
        (await directory.Scalar<long>("select count(*) from audit_entry where request_id = $1", $"r-{name}")).ShouldBe(0);
        (await directory.Scalar<long>("select count(*) from import_record where import_id = $1", stored!.Id)).ShouldBe(500);
        ((string?)(await directory.Run(import))["state"]).ShouldBe("done", "it can be run afterwards");
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task an_import_shows_its_progress_nobody_sees_its_users_and_it_can_be_cancelled()
    {
        var (import, blocker) = await Blocked("halted");
        await using var _ = blocker;
        var job = await Begin(import);

        await directory.JobWhen(job, j => (long)j["done"]! == 300);
        var running = (await directory.AsAdmin("GET", $"/jobs/{job}")).Body!;
        ((string?)running["state"], (string?)running["phase"], (long)running["done"]!, (long)running["total"]!).ShouldBe(("running", "importing", 300, 301));
        (await Users("halted")).ShouldBe(0);
        (await directory.AsAdmin("POST", $"/imports/{import["id"]}/run")).Status.ShouldBe(409, "it is being imported");

        (await directory.AsAdmin("POST", $"/jobs/{job}/cancel")).Status.ShouldBe(200);

        ((string?)(await directory.JobOver(job))["state"]).ShouldBe("cancelled");
        (await Users("halted")).ShouldBe(0);
        (await directory.AsAdmin("POST", $"/jobs/{job}/cancel")).Body!["state"]!.ToString().ShouldBe("cancelled", "it is over and stays so");
    }

    [Fact]
    public async Task an_import_that_a_restart_ends_is_marked_and_leaves_nothing_and_what_is_over_is_remembered()
    {
        var (import, blocker) = await Blocked("restart");
        await using var _ = blocker;
        var job = await Begin(import);
        await directory.JobWhen(job, j => (long)j["done"]! == 300);

        await directory.Restart();

        var interrupted = await directory.JobOver(job);
        ((string?)interrupted["state"], (long)interrupted["done"]!).ShouldBe(("interrupted", 300));
        ((string?)interrupted["error"]).ShouldNotBeNullOrEmpty();
        (await Users("restart")).ShouldBe(0);
        var again = (await directory.AsAdmin("GET", $"/imports/{import["id"]}")).Body!;
        ((long)again["report"]!["usersToCreate"]!).ShouldBe(300, "the check is remembered");
        await blocker.DisposeAsync();
        ((string?)(await directory.Run(again))["state"]).ShouldBe("done");
        (await Users("restart")).ShouldBe(300);
        await Invariants.ShouldHold(directory);
    }

    /// <summary>A checked import of 300 users into a local group whose row another transaction holds, so that the import stops there.</summary>
    private async Task<(JsonNode Import, NpgsqlConnection Blocker)> Blocked(string name)
    {
        var group = await directory.LocalGroup($"{name} group");
        var import = await directory.Checked($"userName,groups\n{string.Join('\n', Enumerable.Range(1, 300).Select(i => $"{name}{i}@example.com,{name} group"))}\n");
        var connection = new NpgsqlConnection(await ConnectionString());
        await connection.OpenAsync(Cancellation);
        await using var hold = new NpgsqlCommand("begin; select from scim_group where id = @id for update", connection);
        hold.Parameters.AddWithValue("id", group);
        await hold.ExecuteNonQueryAsync(Cancellation);
        return (import, connection);
    }

    /// <summary>Not of the service's pool, which a restart closes.</summary>
    private async Task<string> ConnectionString()
    {
        await using var like = directory.Database.CreateConnection();
        await using var own = like.CloneWith(new NpgsqlConnectionStringBuilder(directory.Database.ConnectionString) { Pooling = false, PersistSecurityInfo = true }.ConnectionString);
        return own.ConnectionString;
    }

    private async Task<string> Begin(JsonNode import) => (await directory.AsAdmin("POST", $"/imports/{import["id"]}/run")).Id;

    private Task<long> Users(string name) => directory.Scalar<long>("select count(*) from scim_user where user_name like $1", name + "%@example.com");

    private int ImporterPid() => Scalar<int>("select pid from pg_stat_activity where datname = current_database() and state = 'idle in transaction' order by xact_start limit 1");

    private void Kill(int pid) => Scalar<bool>($"select pg_terminate_backend({pid}, 5000)");

    private T Scalar<T>(string sql)
    {
        using var command = directory.Database.CreateCommand(sql);
        return (T)command.ExecuteScalar()!;
    }
}

using System.Globalization;
using Directory.Api.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

public sealed class PrivateClusterRecoveryTests
{
    private const string Write = "create table kept(word text); insert into kept values ('here')";
    private const string Read = "select word from kept";

    [Fact]
    public async Task a_server_that_a_killed_service_left_running_is_used_again()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using (await under.Start())
        {
        }
        await under.StartAndAbandon();
        var abandoned = under.Postmaster;

        await using var cluster = await under.Start();

        under.Postmaster.ShouldBe(abandoned);
        (await ClusterUnderTest.Ask(cluster.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task a_killed_server_starts_again_with_its_data()
    {
        await using var under = await ClusterUnderTest.Prepare(durable: true);
        await using (await under.Start())
        {
        }
        var access = new ClusterAccess(under.Folder, under.Folder.Password());
        await ClusterUnderTest.Ask(access.ConnectionString(await under.StartAndAbandon()), Write);
        await under.Kill();
        under.Postmaster.ShouldNotBeNull("a killed server leaves its file behind");

        await using var cluster = await under.Start();

        (await ClusterUnderTest.Ask(cluster.ConnectionString, Read)).ShouldBe("here");
    }

    [Fact]
    public async Task a_server_that_dies_while_in_use_comes_back_at_the_same_port()
    {
        await using var under = await ClusterUnderTest.Prepare(durable: true);
        await using var cluster = await under.Start();
        await ClusterUnderTest.Ask(cluster.ConnectionString, Write);
        await under.Kill();

        (await ClusterUnderTest.AskUntilAnswered(cluster.ConnectionString, Read)).ShouldBe("here");
    }

    [Fact]
    public async Task a_file_left_behind_whose_process_number_is_taken_by_another_program_does_not_stop_a_start()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using (await under.Start())
        {
        }
        var lines = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{under.Folder.Data}\n1700000000\n1\n\n127.0.0.1\n\nready   \n");
        await File.WriteAllTextAsync(PostmasterFile.PathIn(under.Folder.Data), lines, TestContext.Current.CancellationToken);

        await using var cluster = await under.Start();

        (await ClusterUnderTest.Ask(cluster.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task a_creation_that_was_interrupted_is_begun_anew()
    {
        await using var under = await ClusterUnderTest.Prepare();
        var half = System.IO.Directory.CreateDirectory(Path.Combine(under.Folder.Creating, "data"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "PG_VERSION"), "15", TestContext.Current.CancellationToken);

        await using var cluster = await under.Start();

        (await ClusterUnderTest.Ask(cluster.ConnectionString, "select 1")).ShouldBe(1);
        System.IO.Directory.Exists(under.Folder.Creating).ShouldBeFalse();
    }

    [Fact]
    public async Task a_start_that_fails_says_what_the_server_says()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using (await under.Start())
        {
        }
        var settings = Path.Combine(under.Folder.Data, "postgresql.auto.conf");
        await File.AppendAllTextAsync(settings, "no_such_setting = 1\n", TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<DatabaseUnavailableException>(() => under.Start());

        failure.Message.ShouldContain("no_such_setting");
    }
}

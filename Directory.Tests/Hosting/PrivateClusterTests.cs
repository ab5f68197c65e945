using System.Globalization;
using System.Runtime.Versioning;
using Directory.Api.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateClusterTests
{
    private const string Write = "create table kept(word text); insert into kept values ('here')";
    private const string Read = "select word from kept";

    [Fact]
    public async Task the_second_start_finds_the_data_of_the_first()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using (var first = await under.Start())
            await ClusterUnderTest.Ask(first.ConnectionString, Write);
        under.Postmaster.ShouldBeNull("the only user of a server stops it");

        await using var second = await under.Start();

        (await ClusterUnderTest.Ask(second.ConnectionString, Read)).ShouldBe("here");
    }

    [Fact]
    public async Task a_durable_cluster_waits_for_the_disk_and_checks_its_pages()
    {
        await using var under = await ClusterUnderTest.Prepare(durable: true);
        await using var cluster = await under.Start();
        const string settings =
            "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings "
            + "where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses', 'server_encoding')";

        (await ClusterUnderTest.Ask(cluster.ConnectionString, settings)).ShouldBe(
            "data_checksums=on fsync=on full_page_writes=on listen_addresses=127.0.0.1 server_encoding=UTF8 synchronous_commit=on");
    }

    [Fact]
    public async Task the_server_never_runs_as_root()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using var cluster = await under.Start();

        (await UserOf(under.Postmaster!.ProcessId)).ShouldNotBeOneOf("root", "0", "");
    }

    [Fact]
    public async Task only_the_service_can_read_the_password()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using var cluster = await under.Start();

        File.GetUnixFileMode(under.Folder.PasswordFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var other = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Password = "guess" };
        var refusal = await Should.ThrowAsync<PostgresException>(() => ClusterUnderTest.Ask(other.ConnectionString, "select 1"));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task two_starts_at_once_give_one_server_that_the_last_user_stops()
    {
        await using var under = await ClusterUnderTest.Prepare();
        var both = await Task.WhenAll(Task.Run(() => under.Start()), Task.Run(() => under.Start()));

        both[0].ConnectionString.ShouldBe(both[1].ConnectionString);
        var server = under.Postmaster;
        await both[0].DisposeAsync();
        under.Postmaster.ShouldBe(server);
        (await ClusterUnderTest.Ask(both[1].ConnectionString, "select 1")).ShouldBe(1);
        await both[1].DisposeAsync();
        under.Postmaster.ShouldBeNull();
    }

    private static async Task<string> UserOf(int process)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status");
        if (File.Exists(status))
            return (await File.ReadAllLinesAsync(status)).First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        string[] question = ["-o", "user=", "-p", process.ToString(CultureInfo.InvariantCulture)];
        return (await PostgresTool.Run("ps", question, "/", user: null, TestContext.Current.CancellationToken)).Output;
    }
}

using Directory.Api.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

public sealed class DatabaseResolverTests
{
    [Fact]
    public async Task a_configured_connection_string_wins()
    {
        await using var found = await Resolve(
            ("ConnectionStrings:Directory", "Host=db.example;Username=ann;Password=s3cret"), ("Directory:PostgresBin", "/nowhere"));

        found.IsPrivate.ShouldBeFalse();
        found.ConnectionString.ShouldStartWith("Host=db.example;Username=ann;Password=s3cret");
        found.Description.ShouldBe("PostgreSQL at db.example:5432, database ann, user ann");
    }

    [Fact]
    public async Task without_a_connection_string_a_private_cluster_lies_in_the_data_folder()
    {
        await using var under = await ClusterUnderTest.Prepare();
        await using var found = await Resolve(("ConnectionStrings:Directory", ""), ("Directory:DataFolder", under.Folder.Root));

        found.IsPrivate.ShouldBeTrue();
        found.Description.ShouldContain(under.Folder.Root);
        found.Description.ShouldNotContain(under.Folder.Password());
        (await ClusterUnderTest.Ask(found.ConnectionString, "select current_database()::text")).ShouldBe("directory");
    }

    [Fact]
    public async Task without_programs_the_error_names_the_ways_out()
    {
        await using var under = await ClusterUnderTest.Prepare();
        var empty = System.IO.Directory.CreateDirectory(under.Folder.Root).FullName;

        var failure = await Should.ThrowAsync<DatabaseUnavailableException>(
            () => Resolve(("Directory:PostgresBin", empty), ("Directory:DataFolder", empty)));

        failure.Message.ShouldContain(empty);
        failure.Message.ShouldContain("ConnectionStrings__Directory");
        failure.Message.ShouldContain("apt-get install postgresql");
        failure.Message.ShouldContain("docker compose up");
    }

    [Fact]
    public async Task where_a_private_cluster_is_forbidden_a_connection_string_is_asked_for()
    {
        await using var under = await ClusterUnderTest.Prepare();

        var failure = await Should.ThrowAsync<DatabaseUnavailableException>(
            () => Resolve(("Directory:PrivateDatabase", "false"), ("Directory:DataFolder", under.Folder.Root)));

        failure.Message.ShouldContain("ConnectionStrings__Directory is not set");
        System.IO.Directory.Exists(under.Folder.Root).ShouldBeFalse();
    }

    [Fact]
    public async Task a_cluster_of_another_version_is_not_opened()
    {
        await using var under = await ClusterUnderTest.Prepare();
        System.IO.Directory.CreateDirectory(under.Folder.Data);
        await File.WriteAllTextAsync(Path.Combine(under.Folder.Data, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        // Nothing answers at the mirror, so that no version 9 can be had from there either.
        var failure = await Should.ThrowAsync<DatabaseUnavailableException>(
            () => Resolve(("Directory:DataFolder", under.Folder.Root), ("Directory:PostgresMirror", "http://127.0.0.1:9")));

        failure.Message.ShouldContain($"none of version 9, which created the cluster in '{under.Folder.Root}'");
    }

    private static Task<ResolvedDatabase> Resolve(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
        return DatabaseResolver.Resolve(configuration, NullLogger.Instance, TestContext.Current.CancellationToken);
    }
}

using Directory.Api.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly string root = System.IO.Directory.CreateDirectory(TemporaryFolder.NewName()).FullName;

    public void Dispose() => TemporaryFolder.Delete(root);

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18")]
    [InlineData("postgres (PostgreSQL) 17.0", "17.0")]
    [InlineData("postgres (PostgreSQL) 18beta1", "18.0")]
    [InlineData("postgres (PostgreSQL) 19devel", "19.0")]
    [InlineData("postgres (PostgreSQL) 9.6.24", "9.6")]
    [InlineData("mysqld  Ver 8.0", null)]
    public void the_version_is_read_from_what_the_program_prints(string line, string? version) =>
        (PostgresBinaries.ParseVersion(line)?.ToString()).ShouldBe(version);

    [Fact]
    public void of_several_versions_the_newest_comes_first()
    {
        foreach (var version in (string[])["9.6", "17", "pg-17.6.0-linux", "15", "latest"])
            System.IO.Directory.CreateDirectory(Path.Combine(root, version, "bin"));
        System.IO.Directory.CreateDirectory(Path.Combine(root, "18"));

        PostgresPlaces.Expand(Path.Combine(root, "*", "bin")).ShouldBe(
            from name in (string[])["pg-17.6.0-linux", "17", "15", "9.6", "latest"] select Path.Combine(root, name, "bin"));
    }

    [Theory]
    [InlineData("pg-*/bin", "pg-16/bin")]
    [InlineData("pg-*", "pg-16")]
    [InlineData("pg-16", "pg-16")]
    [InlineData("absent-*/bin", null)]
    [InlineData("absent", null)]
    public void a_place_is_expanded_to_the_folders_that_exist(string pattern, string? found)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(root, "pg-16", "bin"));

        PostgresPlaces.Expand(Path.Combine(root, pattern)).ShouldBe(found is null ? [] : [Path.Combine(root, found)]);
    }

    [Fact]
    public void a_link_on_the_path_leads_to_the_folder_of_the_program()
    {
        var real = System.IO.Directory.CreateDirectory(Path.Combine(root, "real")).FullName;
        var links = System.IO.Directory.CreateDirectory(Path.Combine(root, "links")).FullName;
        File.WriteAllText(Path.Combine(real, "postgres"), "");
        File.CreateSymbolicLink(Path.Combine(links, "postgres"), Path.Combine(real, "postgres"));

        PostgresPlaces.FromPath($"relative:{links}:{Path.Combine(root, "absent")}").First().ShouldBe(real);
    }

    [Fact]
    public async Task a_folder_without_initdb_or_with_a_broken_program_is_passed_over()
    {
        File.WriteAllText(Path.Combine(root, "postgres"), "not a program");
        (await FirstUsable()).ShouldBeNull();

        File.WriteAllText(Path.Combine(root, "initdb"), "");
        File.WriteAllText(Path.Combine(root, "pg_ctl"), "");
        PostgresBinaries.AreIn(root).ShouldBeTrue();
        (await FirstUsable()).ShouldBeNull();
    }

    private Task<PostgresBinaries?> FirstUsable() => PostgresBinaries.FirstUsable([root], major: null, TestContext.Current.CancellationToken);
}

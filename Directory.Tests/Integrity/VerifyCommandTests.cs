using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Api.Hosting.Commands;
using Directory.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class VerifyCommandTests(TestDatabase databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task it_ends_with_0_for_a_sound_history_and_with_1_for_an_altered_one()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.Seal(Cancellation);

        var (code, text, _) = await Run(directory);
        code.ShouldBe(0);
        text.ShouldStartWith("Nothing sealed was altered.");
        text.ShouldNotContain("not known from outside");
        text.ShouldContain("Checkpoints from outside the database: 1.");

        await directory.Execute("update mt_events set user_name = E'mal\\nlory' where seq_id = 1", Cancellation);
        (code, text, _) = await Run(directory);
        code.ShouldBe(1);
        text.ShouldContain("First bad sequence: 1");
        (code, text, _) = await Run(directory, "--json");
        code.ShouldBe(1);
        var json = JsonNode.Parse(text)!;
        ((string?)json["status"]).ShouldBe("tampered");
        ((long?)json["firstBadSequence"]).ShouldBe(1);
        ((string?)json["findings"]![0]!["kind"]).ShouldBe("event_edited");
        (await directory.Texts("select status from verification order by id", Cancellation)).ShouldBe(["ok", "tampered", "tampered"]);
    }

    [Theory]
    [InlineData("--frobnicate")]
    [InlineData("--from")]
    [InlineData("--from", "-1")]
    [InlineData("--from", "x")]
    [InlineData("--checkpoint", "/no/such/file")]
    [InlineData("--key", "/no/such/file")]
    public async Task it_ends_with_2_when_it_cannot_do_what_is_asked(params string[] args)
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);

        var (code, text, errors) = await Run(directory, args);

        code.ShouldBe(2);
        text.ShouldBeEmpty();
        errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task it_ends_with_2_when_there_is_nothing_to_verify()
    {
        var empty = await databases.CreateDatabaseAsync(Cancellation);

        var (code, text, _) = await RunWith(new() { ["ConnectionStrings:Directory"] = empty }, "--json");

        code.ShouldBe(2);
        ((string?)JsonNode.Parse(text)!["status"]).ShouldBe("unverifiable");
        (await RunWith(new() { ["ConnectionStrings:Directory"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=nothing" })).Code.ShouldBe(2);
    }

    [Fact]
    public async Task it_makes_no_database_where_there_is_none()
    {
        var folder = TemporaryFolder.NewName();

        var (code, _, errors) = await RunWith(new() { ["Directory:DataFolder"] = folder });

        code.ShouldBe(2);
        errors.ShouldContain(folder);
        System.IO.Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task a_range_can_be_asked_for()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await directory.CreateUser($"user{i}@example.com", "User", Cancellation);
            await directory.Seal(Cancellation);
        }

        await directory.Execute("update mt_events set user_name = 'mallory' where seq_id = 2", Cancellation);

        (await Run(directory, "--from", "3")).Code.ShouldBe(0);
        (await Run(directory, "--to", "1")).Code.ShouldBe(0);
        (await Run(directory, "--from", "2", "--to", "2")).Code.ShouldBe(1);
    }

    private static Task<(int Code, string Output, string Errors)> Run(SealedDirectory directory, params string[] args) => RunWith(
        new()
        {
            ["ConnectionStrings:Directory"] = directory.ConnectionString,
            ["Directory:DataFolder"] = Path.GetDirectoryName(directory.KeyFile),
            ["Directory:Integrity:KeyFile"] = directory.KeyFile,
            ["Directory:Integrity:CheckpointFile"] = directory.Checkpoints.Path,
        }, args);

    private static async Task<(int Code, string Output, string Errors)> RunWith(Dictionary<string, string?> settings, params string[] args)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = await VerifyCommand.Run(args, configuration, output, errors, Cancellation);
        return (code, output.ToString(), errors.ToString());
    }
}

using System.Globalization;
using Directory.Api.Hosting.Commands;
using Directory.Tests.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Rebuilding;

public sealed class RebuildCommandTests(DirectoryFixture directory, Hosting.TestDatabase databases) : IClassFixture<DirectoryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task it_makes_what_is_named_anew_beside_the_running_service_and_all_if_nothing_is()
    {
        (await directory.Scim("POST", "/Users", Some.User("ada@example.com"))).Status.ShouldBe(201);
        await directory.Column<Guid>("delete from scim_user returning id");
        var events = await directory.Scalar<long>("select count(*) from mt_events");

        var (code, text, _) = await Run("users");
        code.ShouldBe(0);
        text.ShouldContain("Users: made anew from 1 events in ");
        (await directory.Scim("GET", "/Users?filter=userName%20eq%20%22ada@example.com%22")).Body!["totalResults"]!.GetValue<int>().ShouldBe(1);

        (code, text, _) = await Run();
        code.ShouldBe(0);
        text.ShouldContain($"Audit: made anew from {events} events in ");
        text.ShouldContain("Membership: made anew");
        (await directory.Audit("/entries?action=create&text=ada")).Body!["entries"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task it_ends_with_1_when_it_cannot_and_with_2_when_it_does_not_understand()
    {
        (await Run("everything")).Code.ShouldBe(2);
        (await Run("audit", "users")).Errors.ShouldContain("rebuild [users|groups|membership|provisioning|audit|all]");
        var empty = await databases.CreateDatabaseAsync(Cancellation);
        (await RunWith(empty, "audit")).Code.ShouldBe(1);
    }

    private Task<(int Code, string Text, string Errors)> Run(params string[] args) =>
        RunWith(directory.Services.GetRequiredService<IConfiguration>().GetConnectionString("Directory")!, args);

    private static async Task<(int Code, string Text, string Errors)> RunWith(string database, params string[] args)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Directory", database)]).Build();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = await RebuildCommand.Run(args, configuration, output, errors, Cancellation);
        return (code, output.ToString(), errors.ToString());
    }
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Tests.Providers;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

public sealed class FaultTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Fact]
    public async Task a_fault_of_the_service_is_a_scim_error_that_tells_nothing_but_the_request_id()
    {
        await Execute("alter table scim_user rename to scim_user_elsewhere");

        var answer = await directory.Scim("GET", $"/Users/{Guid.CreateVersion7()}", null, ("X-Request-Id", "fault-1"));

        await Execute("alter table scim_user_elsewhere rename to scim_user");
        answer.Status.ShouldBe(500);
        answer.Header("Content-Type").ShouldBe("application/scim+json");
        new Expectation(new Placeholders()).Difference(
            new JsonObject
            {
                ["$exact"] = true,
                ["schemas"] = new JsonArray(ScimUrns.Error),
                ["status"] = "500",
                ["detail"] = "The request failed on the server; its id is fault-1.",
            },
            answer.Body).ShouldBeNull();
        directory.Log.Errors.ShouldHaveSingleItem().ShouldContain("fault-1");
        (await directory.Scim("POST", "/Users", Some.User("after@example.com"))).Status.ShouldBe(201);
    }

    private async Task Execute(string sql)
    {
        await using var command = directory.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

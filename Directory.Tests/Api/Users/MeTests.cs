using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Users;

public sealed class MeTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task a_connection_has_no_user_of_its_own(string method)
    {
        var answer = await directory.Scim(method, "/Me", method is "GET" or "DELETE" ? null : Some.User("me@example.com"));
        answer.Status.ShouldBe(501, answer.Text);
        answer.Body!["schemas"]!.ToJsonString().ShouldBe($"""["{ScimUrns.Error}"]""");
        (await directory.Send(method, "/api/scim/v2/Me")).Status.ShouldBe(401);
    }
}

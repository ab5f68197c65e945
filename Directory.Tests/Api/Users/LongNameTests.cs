using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Users;

/// <summary>An index cannot hold a key of any length; who sends a name that is too long is told so.</summary>
public sealed class LongNameTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    // Text that does not compress, since PostgreSQL compresses before it measures.
    private static readonly string Long = string.Concat(Enumerable.Range(0, 3000).Select(i => (char)(0x4E00 + i * 7919 % 20000)));

    [Theory]
    [InlineData("/Users", "userName")]
    [InlineData("/Users", "externalId")]
    [InlineData("/Groups", "displayName")]
    [InlineData("/Groups", "externalId")]
    public async Task a_name_too_long_for_its_index_is_refused(string endpoint, string attribute)
    {
        JsonObject body = endpoint == "/Users" ? Some.User("short") : Some.Group("short");
        body[attribute] = Long;
        var answer = await directory.Scim("POST", endpoint, body);
        (answer.Status, answer.ScimType).ShouldBe((400, "invalidValue"), answer.Text);
    }
}

using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

public sealed class DirectoryFixtureTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Fact]
    public async Task a_user_is_created_read_and_in_the_audit()
    {
        var created = await directory.Scim("POST", "/Users", Some.User("first@example.com"));
        created.Status.ShouldBe(201, created.Text);

        var read = await directory.Scim("GET", $"/Users/{created.Id}");
        read.Status.ShouldBe(200, read.Text);
        read.Text.ShouldBe(created.Text);

        var timeline = await directory.Audit($"/users/{created.Id}/timeline");
        timeline.Status.ShouldBe(200, timeline.Text);
        timeline.Body!["entries"]!.AsArray().Count.ShouldBe(1);
        (await directory.Scalar<long>("select count(*) from mt_events where stream_id = $1", Guid.Parse(created.Id))).ShouldBe(1);
    }
}

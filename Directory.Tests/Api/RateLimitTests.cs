using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api;

/// <summary>The service with room for three requests of a connection in a second.</summary>
public sealed class NarrowFixture(TestDatabase databases) : DirectoryFixture(databases)
{
    public const int RequestsPerSecond = 3;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Directory:Limits:RequestsPerSecond"] = $"{RequestsPerSecond}" };
}

public sealed class RateLimitTests(NarrowFixture directory) : IClassFixture<NarrowFixture>
{
    [Fact]
    public async Task too_many_requests_of_one_connection_are_told_when_to_come_back()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40 * NarrowFixture.RequestsPerSecond).Select(n => directory.Scim("POST", "/Users", Some.User($"many-{n}@example.com"))));

        var refused = answers.Where(a => a.Status == 429).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(a => a.Header("Retry-After") == "1" && (string?)a.Body!["status"] == "429");
        var accepted = answers.Where(a => a.Status == 201).ToList();
        (accepted.Count + refused.Count).ShouldBe(answers.Length);
        (await directory.Column<long>("select count(*) from scim_user")).ShouldBe([accepted.Count]);
        (await directory.Audit("/entries?count=1")).Status.ShouldBe(200, "another client is served meanwhile");
    }
}

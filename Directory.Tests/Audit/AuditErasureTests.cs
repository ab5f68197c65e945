using Directory.Projections.Integrity;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class AuditErasureTests(AuditStory story) : IClassFixture<AuditStory>
{
    [Fact]
    public async Task an_erased_person_is_found_by_no_search_and_named_in_no_log()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var user = await story.Accepted("POST", "/Users", Some.User("forget.me@example.com", ("externalId", "00uforget")));
        (await story.Scim("POST", "/Users", Some.User("Forget.Me@example.com"), ("X-Request-Id", "names-the-person"))).Status.ShouldBe(409);
        await story.Accepted("PATCH", $"/Users/{user.Id}", Some.Patch("replace", "title", "Hermit"));
        await story.CatchUp();
        (await story.Entries("text=forget")).Count.ShouldBe(2);
        (await story.Entries("externalId=00uforget")).Count.ShouldBe(2);
        (await story.Audit("/requests?requestId=names-the-person")).Text.ShouldContain("Forget.Me@example.com");

        await story.Services.GetRequiredService<ErasureStream>().Erase(
            new Origin("default", Actor.Service, "erasure-1"), Guid.Parse(user.Id), Guid.CreateVersion7(), "asked for", cancellation);
        await story.CatchUp();

        foreach (var query in (string[])["text=forget", "externalId=00uforget", "targetName=forget.me@example.com", "text=hermit"])
            (await story.Entries(query)).ShouldBeEmpty(query);
        (await story.Entries($"target={user.Id}")).Count.ShouldBe(4);
        (await story.Entries($"target={user.Id}&action=erase")).Count.ShouldBe(1);
        (await story.Audit("/requests?requestId=names-the-person")).Text.ShouldContain("\"detail\":\"(erased)\"");
        foreach (var table in (string[])["audit_entry", "audit_term", "request_log"])
            (await story.Column<string>($"select t::text from {table} t where t::text ilike '%forget%' or t::text ilike '%hermit%'")).ShouldBeEmpty(table);
    }
}

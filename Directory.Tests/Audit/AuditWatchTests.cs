using System.Text.Json.Nodes;
using Directory.Projections.Audit;
using Directory.Tests.Api;
using Marten;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class AuditWatchTests(AuditStory story) : IClassFixture<AuditStory>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_event_of_a_type_that_nobody_knows_stops_the_audit_and_the_node_says_why()
    {
        var user = await story.Accepted("POST", "/Users", Some.User("poisoned@example.com"));
        (await story.CatchUp()).Fault.ShouldBeNull();
        (await Ready()).ShouldBe("Healthy");
        var poison = await story.Scalar<long>("""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 2, '{}', 'user_teleported', now(), tenant_id, false from mt_streams where id = $1
            returning seq_id
            """, Guid.Parse(user.Id));

        var stopped = await story.CatchUp();
        stopped.Fault.ShouldBe($"The event {poison} of type 'user_teleported' has no entry in the audit; it is not passed over. This version knows no such type.");
        stopped.Through.ShouldBe(poison - 1);
        (await Ready()).ShouldBe("Unhealthy");
        (await story.Send("GET", "/health/ready")).Text.ShouldContain("user_teleported");

        // Writes go on, and what they write is found.
        var other = await story.Accepted("POST", "/Users", Some.User("unharmed@example.com"));
        (await story.Entries("text=unharmed")).Count.ShouldBe(1);
        (await story.CatchUp()).Through.ShouldBe(poison - 1);
        await RebuildStops();

        await story.Execute("delete from mt_events where type = 'user_teleported'");
        (await story.CatchUp()).Fault.ShouldBeNull();
        (await Ready()).ShouldBe("Healthy");
        (await story.Scalar<long>("select count(*) from audit_term t join audit_entry e using (tenant_id, seq) where e.stream_id = $1", Guid.Parse(other.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task a_long_name_is_not_cut_within_a_character()
    {
        var name = "a" + string.Concat(Enumerable.Repeat("\U0001F600", 150));
        await story.Accepted("POST", "/Users", Some.User(name));

        (await story.CatchUp()).Fault.ShouldBeNull();

        (await story.Entries("targetName=" + Uri.EscapeDataString(name))).Count.ShouldBe(1);
        (await story.Entries("text=" + Uri.EscapeDataString(name[..21]))).Count.ShouldBe(1);
    }

    private async Task RebuildStops()
    {
        var before = await story.Scalar<long>("select count(*) from audit_entry");
        using var daemon = await story.Store.BuildProjectionDaemonAsync();
        await Should.ThrowAsync<Exception>(() => daemon.RebuildProjectionAsync(AuditProjection.Name, Cancellation));
        await story.Execute("delete from mt_events where type = 'user_teleported'");
        await daemon.RebuildProjectionAsync(AuditProjection.Name, Cancellation);
        (await story.Scalar<long>("select count(*) from audit_entry")).ShouldBe(before);
    }

    private async Task<string> Ready() =>
        (string)JsonNode.Parse((await story.Send("GET", "/health/ready")).Text)!["checks"]!["audit"]!["status"]!;
}

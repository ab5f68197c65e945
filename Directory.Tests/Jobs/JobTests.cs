using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Hosting;
using Directory.Projections.Audit;
using Directory.Projections.Jobs;
using Directory.Projections.Streams;
using Directory.Tests.Api;
using Directory.Tests.Imports;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Jobs;

public sealed class JobTests(KnownFixture directory) : IClassFixture<KnownFixture>
{
    private static readonly Origin Asker = new(DirectorySettings.DefaultTenant, new Actor(Actor.Admin, "a", "Root"), "r");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_verification_and_a_rebuild_run_beside_the_service_and_keep_their_results()
    {
        await directory.Write("POST", "/Users", Some.User("job@example.com"));
        foreach (var (body, kind) in ((JsonObject, string)[])
            [(new JsonObject { ["kind"] = "verify" }, "verify"), (new JsonObject { ["kind"] = "rebuild", ["projection"] = "Users" }, "rebuild"), (new JsonObject { ["kind"] = "rebuild" }, "rebuild")])
        {
            var started = await directory.AsAdmin("POST", "/jobs", body.DeepClone());
            started.Status.ShouldBe(202, started.Text);
            started.Header("Location").ShouldBe($"/api/admin/jobs/{started.Id}");
            var job = await directory.JobOver(started.Id);
            ((string?)job["state"], (string?)job["kind"], (string?)job["requestedBy"]).ShouldBe(("done", kind, "Root"), job.ToJsonString());
            if (kind == "verify") ((string?)job["result"]!["status"]).ShouldBe("ok", job.ToJsonString());
            else job["result"]!["events"]!.AsObject().ShouldContain(e => e.Key == "Users" && (long)e.Value! > 0);
        }

        (await directory.Scalar<long>("select count(*) from verification where status = 'ok'")).ShouldBeGreaterThan(0);
        (await directory.Scim("GET", "/Users?filter=userName eq \"job@example.com\"")).Resources.Count.ShouldBe(1);
        await Invariants.ShouldHold(directory);
        (await directory.AsAdmin("POST", "/jobs", new JsonObject { ["kind"] = "rebuild", ["projection"] = "Nonsense" })).Status.ShouldBe(400);
        (await directory.AsAdmin("POST", "/jobs", new JsonObject { ["kind"] = "import.run" })).Status.ShouldBe(400);
        (await directory.AsAdmin("GET", "/jobs?kind=verify")).Body!["jobs"]!.AsArray().ShouldAllBe(j => (string?)j!["kind"] == "verify");
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("text/csv")]
    public async Task an_export_is_made_in_the_background_and_fetched_later_with_its_closing_record(string type)
    {
        await directory.Write("POST", "/Users", Some.User($"export-{type.Length}@example.com"));
        (string, string)[] auditor = [("Authorization", $"Bearer {directory.AuditToken}")];
        var started = await directory.Send("POST", $"/api/audit/exports?action=create&text=export-{type.Length}", null, [.. auditor, ("Accept", type)]);
        started.Status.ShouldBe(202, started.Text);

        var job = (await directory.Audited($"/exports/{started.Id}?wait=60"));
        ((string?)job["state"]).ShouldBe("done", job.ToJsonString());
        var closing = job["result"]!["closing"]!;
        ((bool)closing["complete"]!, (long)closing["rows"]!, (string?)closing["query"]).ShouldBe((true, 1, $"action=create&text=export-{type.Length}"));

        await directory.Restart();
        var file = await directory.Send("GET", $"/api/audit/exports/{started.Id}/file", null, auditor);
        file.Status.ShouldBe(200, file.Text);
        file.Header("Content-Type")!.ShouldStartWith(type);
        file.Header("Content-Disposition")!.ShouldContain((string)job["result"]!["fileName"]!);
        var bytes = Encoding.UTF8.GetBytes(file.Text);
        ((long)job["result"]!["bytes"]!).ShouldBe(bytes.Length);
        var end = type == "text/csv" ? file.Text.IndexOf("#closing", StringComparison.Ordinal) : file.Text.IndexOf("{\"closing\"", StringComparison.Ordinal);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text[..end]))).ShouldBe((string?)closing["sha256"]);
        file.Text[..end].ShouldContain($"export-{type.Length}@example.com");

        (await directory.Send("GET", $"/api/audit/exports/{started.Id}/file", null, ("Authorization", $"Bearer {directory.AdminToken}"))).Status.ShouldBe(403);
        (await directory.Send("GET", $"/api/audit/exports/{Guid.NewGuid()}", null, auditor)).Status.ShouldBe(404);
        (await directory.Send("POST", "/api/audit/exports?nonsense=1", null, auditor)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task a_job_of_a_node_that_fell_silent_is_marked_and_does_not_keep_others_from_running()
    {
        var (table, leases) = (directory.Services.GetRequiredService<JobTable>(), Leases("a node that dies"));
        var job = await table.Add(Guid.CreateVersion7(), "test.silent", [], Asker, Cancellation);
        (await leases.Claim(["test.silent"], Cancellation))!.Id.ShouldBe(job.Id);
        await directory.Scalar<int>("update job set lease_until = clock_timestamp() - interval '1 s' where id = $1 returning 1", job.Id);

        await leases.Sweep(Cancellation);

        var marked = await table.Find(job.Tenant, job.Id, Cancellation);
        (marked!.State, marked.Error).ShouldBe((JobState.Interrupted, "The node that ran it fell silent. Start it again."));
        (await leases.Renew(job.Id, null, 1, 2, Cancellation)).ShouldBeTrue("whoever still works on it gives up");
        await using var connection = await directory.Database.OpenConnectionAsync(Cancellation);
        await Should.ThrowAsync<JobLostException>(leases.Complete(connection, job.Id, 1, null, Cancellation));
    }

    [Fact]
    public async Task one_job_of_a_kind_runs_at_a_time_whichever_node_asks_and_the_oldest_first()
    {
        var table = directory.Services.GetRequiredService<JobTable>();
        var jobs = new List<Job>();
        for (var i = 0; i < 3; i++) jobs.Add(await table.Add(Guid.CreateVersion7(), "test.turns", [], Asker, Cancellation));
        var nodes = Enumerable.Range(1, 8).Select(i => Leases($"node {i}")).ToList();

        var claimed = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.Claim(["test.turns"], Cancellation), Cancellation)));

        var first = claimed.Where(j => j is not null).ShouldHaveSingleItem()!;
        first.Id.ShouldBe(jobs[0].Id);
        var holder = nodes[Array.FindIndex(claimed, j => j is not null)];
        (await table.Cancel(first.Tenant, jobs[1].Id, Cancellation))!.State.ShouldBe(JobState.Cancelled);
        await holder.End(first.Id, JobState.Done, null, null, Cancellation);
        (await nodes[0].Claim(["test.turns"], Cancellation))!.Id.ShouldBe(jobs[2].Id);
        await nodes[1].End(jobs[2].Id, JobState.Done, null, null, Cancellation);
        (await table.Find(first.Tenant, jobs[2].Id, Cancellation))!.State.ShouldBe(JobState.Running, "only the holder ends it");
    }

    [Fact]
    public async Task a_job_that_waited_through_a_restart_is_run_afterwards()
    {
        var blocker = await Leases("another node").ClaimOf(directory, "verify", Asker);
        var waiting = (await directory.AsAdmin("POST", "/jobs", new JsonObject { ["kind"] = "verify" })).Id;

        await directory.Restart();
        ((string?)(await directory.AsAdmin("GET", $"/jobs/{waiting}")).Body!["state"]).ShouldBe("waiting");
        await Leases("another node").End(blocker.Id, JobState.Done, null, null, Cancellation);

        ((string?)(await directory.JobOver(waiting))["state"]).ShouldBe("done");
    }

    [Fact]
    public async Task a_job_that_fails_says_why_and_the_next_one_runs()
    {
        var import = await directory.Checked("userName\nfailing@example.com\n");
        var (table, id) = (directory.Services.GetRequiredService<JobTable>(), Guid.CreateVersion7());
        await table.Add(id, "import.check", new JsonObject { ["import"] = Guid.NewGuid() }, Asker, Cancellation);

        var failed = await directory.JobOver(id.ToString());

        ((string?)failed["state"], (string?)failed["error"]).ShouldBe(("failed", "The file was discarded."));
        (await directory.AsAdmin("POST", $"/imports/{import["id"]}/check")).Status.ShouldBe(202);
    }

    private JobLeases Leases(string node) =>
        new(directory.Services.GetRequiredService<NpgsqlDataSource>(), directory.Services.GetRequiredService<TimeProvider>(), node);
}

internal static class ClaimedJob
{
    /// <summary>Adds a job and has it claimed by this node, whatever the service does at the same time.</summary>
    public static async Task<Job> ClaimOf(this JobLeases leases, DirectoryFixture directory, string kind, Origin asker)
    {
        var cancellation = TestContext.Current.CancellationToken;
        // Under a name that the service does not run, and renamed once it is claimed.
        var job = await directory.Services.GetRequiredService<JobTable>().Add(Guid.CreateVersion7(), "test." + kind, [], asker, cancellation);
        (await leases.Claim(["test." + kind], cancellation)).ShouldNotBeNull();
        await directory.Scalar<int>("update job set kind = $2 where id = $1 returning 1", job.Id, kind);
        return job;
    }
}

using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Streams;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class ErasureTests(TestDatabase databases)
{
    private static readonly string[] Tables =
    [
        "mt_events", "audit_entry", "scim_user", "deleted_user", "scim_group", "deleted_group", "group_member", "seal_block", "seal_leaf",
        "event_salt", "erased_event", "verification", "mt_streams", "audit_term", "audit_facet", "audit_word", "audit_span", "request_log", "access_log", "import", "import_record",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_erased_person_is_nowhere_any_more()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        await new AuditWatch(directory.Database, new StableSequence(directory.Database)).Advance(Cancellation);
        await directory.Execute("""
            insert into request_log (tenant_id, time, duration_us, method, path, status, detail, request_id, times) values
                ('default', now(), 1, 'POST', '/Users', 409, 'Another resource has the userName ''Lovelace@example.com'' already.', 'r1', 1),
                ('default', now(), 1, 'POST', '/Users', 409, 'Another resource has the userName ''bob@example.com'' already.', 'r2', 1);
            insert into access_log (tenant_id, time, actor_kind, actor_name, method, path, filter, status, request_id) values
                ('default', now(), 'auditor', 'Auditor', 'GET', '/api/audit/entries', '?targetName=lovelace%40example.com', 200, 'r3')
            """, Cancellation);
        foreach (var table in (string[])["mt_events", "audit_entry", "audit_term", "audit_word", "scim_user", "group_member", "request_log", "access_log"])
            (await Occurrences(directory, "lovelace")).ShouldContain(found => found.StartsWith(table, StringComparison.Ordinal));

        await Erase(directory, ada);

        (await Occurrences(directory, "lovelace")).ShouldBeEmpty();
        (await Occurrences(directory, "bob@example.com")).Select(found => found.Split(':')[0]).Distinct()
            .ShouldBe(["mt_events", "audit_entry", "scim_user", "group_member", "audit_term", "request_log"], ignoreOrder: true);
    }

    [Fact]
    public async Task an_erased_person_cannot_be_searched_for_and_the_entries_can()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        var watch = new AuditWatch(directory.Database, new StableSequence(directory.Database));
        await watch.Advance(Cancellation);
        await Erase(directory, ada);
        var rewritten = await directory.Texts("select t::text from audit_term t order by seq, part", Cancellation);
        await watch.Advance(Cancellation);
        var words = await directory.Texts("select word from audit_word order by word", Cancellation);

        await directory.Execute("truncate audit_term, audit_span, audit_word", Cancellation);
        await new AuditWatch(directory.Database, new StableSequence(directory.Database)).Advance(Cancellation);

        words.ShouldContain("example");
        words.ShouldBe(await directory.Texts("select word from audit_word order by word", Cancellation));
        rewritten.ShouldBe(await directory.Texts($"select t::text from audit_term t where seq <= {rewritten.Count} order by seq, part", Cancellation));
    }

    [Fact]
    public async Task the_chain_verifies_after_an_erasure_and_tells_of_it()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        await directory.Seal(Cancellation);

        var receipt = await Erase(directory, ada);

        var before = await directory.Verify(Cancellation, directory.Checkpoints);
        before.Findings.ShouldBeEmpty();
        before.Erasures.ShouldHaveSingleItem().Sealed.ShouldBeFalse();
        await directory.Seal(Cancellation);
        var report = await directory.Verify(Cancellation, directory.Checkpoints);
        report.Findings.ShouldBeEmpty();
        report.Erasures.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            e => e.By.ShouldBe("admin"), e => e.User.ShouldBe(ada), e => e.Reason.ShouldBe("asked for"), e => e.Sealed.ShouldBeTrue(),
            e => e.Events.ShouldBe(receipt.Events));
    }

    [Fact]
    public async Task what_was_erased_before_it_was_sealed_is_sealed_as_it_is_left()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);

        await Erase(directory, ada);
        await directory.Seal(Cancellation);

        (await directory.Verify(Cancellation)).Findings.ShouldBeEmpty();
        (await directory.Scalar<long>("select count(*) from event_salt", Cancellation))
            .ShouldBe(await directory.Scalar<long>("select count(*) from seal_leaf where commitment is not null", Cancellation));
    }

    [Fact]
    public async Task a_rebuild_after_an_erasure_gives_the_same_rows()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        await Erase(directory, ada);
        var before = await Rows(directory);

        using var daemon = await directory.Store.BuildProjectionDaemonAsync();
        foreach (var projection in DirectoryStore.Projections.Keys) await daemon.RebuildProjectionAsync(projection, Cancellation);

        (await Rows(directory)).ShouldBe(before);
    }

    [Fact]
    public async Task an_erasure_deletes_a_live_user_and_keeps_when_it_was_active()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);

        await Erase(directory, ada);

        (await directory.Texts($"select action from audit_entry where stream_id = '{ada}' order by seq", Cancellation))
            .ShouldBe(["create", "patch", "deactivate", "patch", "delete", "erase"]);
        (await directory.Texts($"select c ->> 'path' from audit_entry, jsonb_array_elements(changes) c where stream_id = '{ada}' and action = 'deactivate'", Cancellation))
            .ShouldBe(["active"]);
        (await directory.Texts($"select sentence from audit_entry where stream_id = '{ada}' and action = 'erase'", Cancellation))
            .ShouldBe([$"admin erased what was known of the user {ada}"]);
        (await directory.Texts("select m ->> 'name' from audit_entry, jsonb_array_elements(members) m order by seq, m ->> 'name'", Cancellation))
            .ShouldBe([UserErasure.Mask, "bob@example.com", UserErasure.Mask]);
        (await directory.Scalar<bool>($"select bool_and(removed_at is not null) from group_member where member_id = '{ada}'", Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task a_deleted_user_can_be_erased_and_its_name_is_free()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        await directory.DeleteUser(ada, Cancellation);

        await Erase(directory, ada);

        (await directory.Scalar<long>("select count(*) from deleted_user", Cancellation)).ShouldBe(0);
        await directory.CreateUser("ada.lovelace@example.com", "Another", Cancellation);
    }

    [Fact]
    public async Task nobody_is_erased_twice()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        await Erase(directory, ada);

        (await Should.ThrowAsync<ScimException>(() => Erase(directory, ada))).Error.Status.ShouldBe(404);
        (await Should.ThrowAsync<ScimException>(() => Erase(directory, Guid.CreateVersion7()))).Error.Status.ShouldBe(404);
    }

    [Fact]
    public async Task two_persons_of_one_event_are_erased_one_after_the_other()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, bob) = await History(directory);
        await directory.Seal(Cancellation);
        await Erase(directory, ada);
        await directory.Seal(Cancellation);
        await Erase(directory, bob);
        await directory.Seal(Cancellation);

        (await Occurrences(directory, "bob@example.com")).ShouldBeEmpty();
        (await directory.Verify(Cancellation)).ShouldSatisfyAllConditions(r => r.Findings.ShouldBeEmpty(), r => r.Erasures.Count.ShouldBe(2));
    }

    [Theory]
    [InlineData("update mt_events set data = data || '{\"forged\": true}' where seq_id = {0}", FindingKind.EventEdited)]
    [InlineData("update mt_events set user_name = 'mallory' where seq_id = {0}", FindingKind.EventEdited)]
    [InlineData("update mt_events set timestamp = timestamp - interval '1 day' where seq_id = {0}", FindingKind.EventMoved)]
    [InlineData("delete from mt_events where seq_id = {0}", FindingKind.EventDeleted)]
    [InlineData("delete from erased_event where seq = {0}", FindingKind.SaltMissing)]
    public async Task what_an_erasure_left_is_protected_too(string sql, string kind)
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        var (ada, _) = await History(directory);
        await directory.Seal(Cancellation);
        await Erase(directory, ada);
        await directory.Seal(Cancellation);
        var sequence = await directory.Scalar<long>("select min(seq) from erased_event", Cancellation);

        await directory.Execute(sql.Replace("{0}", $"{sequence}", StringComparison.Ordinal), Cancellation);

        var report = await directory.Verify(Cancellation);
        report.FirstBadSequence.ShouldBe(sequence);
        report.Findings.Where(f => f.Sequence == sequence).Select(f => f.Kind).ShouldContain(kind);
    }

    [Fact]
    public async Task an_erasure_that_no_event_tells_of_is_found()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await History(directory);
        await directory.Seal(Cancellation);

        await directory.Execute("""
            update mt_events set data = jsonb_set(data, '{subject,name}', '"(erased)"') where seq_id = 1;
            delete from event_salt where seq = 1;
            insert into erased_event (erasure, seq, salt, commitment) values (gen_random_uuid(), 1, '\x00', '\x00')
            """, Cancellation);

        var report = await directory.Verify(Cancellation);
        report.FirstBadSequence.ShouldBe(1);
        report.Findings.Select(f => f.Kind).ShouldContain(FindingKind.ErasureEdited);
    }

    [Fact]
    public void masking_a_masked_event_changes_nothing()
    {
        var created = new UserCreated(
            new Subject("ada", "x"),
            new JsonObject
            {
                ["userName"] = "ada",
                ["active"] = true,
                ["name"] = new JsonObject { ["givenName"] = "Ada" },
                ["emails"] = new JsonArray(new JsonObject { ["value"] = "ada@example.com", ["primary"] = true }),
                ["urn:x"] = new JsonObject { ["salary"] = 7 },
            },
            new SentRequest(new JsonObject { ["displayName"] = "Ada" }, ["password"]));

        var once = (UserCreated)UserErasure.Of(created);

        once.Attributes.ToJsonString().ShouldBe("""{"userName":"(erased)","active":true,"name":{"givenName":"(erased)"},"emails":[{"value":"(erased)"}],"urn:x":{"salary":"(erased)"}}""");
        once.Request!.Body.ShouldBeNull();
        once.Request.Withheld.ShouldBe(["password"]);
        ((UserCreated)UserErasure.Of(once)).Attributes.ToJsonString().ShouldBe(once.Attributes.ToJsonString());
    }

    [Fact]
    public void what_a_client_sent_of_a_member_is_reduced_to_the_id()
    {
        var (ada, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var patched = new GroupPatched(new Subject("Engineers"), [], new SentRequest(new JsonArray(new JsonObject
        {
            ["op"] = "add",
            ["path"] = "members",
            ["value"] = new JsonArray(
                new JsonObject { ["value"] = $"{ada}", ["display"] = "Ada" }, new JsonObject { ["value"] = $"{bob}", ["display"] = "Bob" }),
        })));

        ((GroupPatched)MemberErasure.Of(patched, ada)).Request!.Body!.ToJsonString().ShouldBe(
            $$"""[{"op":"add","path":"members","value":[{"value":"{{ada}}"},{"value":"{{bob}}","display":"Bob"}]}]""");
    }

    private static Task<ErasureReceipt> Erase(SealedDirectory directory, Guid user) => directory.Erasures.Erase(
        new Origin("default", new Actor(Actor.Admin, "a1", "admin"), "erasure"), user, Guid.CreateVersion7(), "asked for", Cancellation);

    /// <summary>Ada and Bob are in a group; Ada is changed, deactivated, and removed from the group.</summary>
    private static async Task<(Guid Ada, Guid Bob)> History(SealedDirectory directory)
    {
        var ada = await directory.CreateUser("ada.lovelace@example.com", "Ada Lovelace", Cancellation);
        var bob = await directory.CreateUser("bob@example.com", "Bob", Cancellation);
        var body = new JsonObject { ["members"] = new JsonArray(new JsonObject { ["value"] = $"{ada}", ["display"] = "Ada Lovelace" }) };
        var group = Guid.CreateVersion7();
        await directory.Groups.Create(
            SealedDirectory.Origin("group"), group,
            new CreateGroup(new() { ["displayName"] = "Engineers" }, [$"{ada}", $"{bob}"], new SentRequest(body)), Cancellation);
        await directory.PatchUser(ada, "displayName", "Countess Lovelace", Cancellation);
        await directory.PatchUser(ada, "active", false, Cancellation);
        await directory.PatchUser(ada, "userName", "lovelace@example.com", Cancellation);
        await directory.Groups.Change(
            SealedDirectory.Origin("group"), group, Precondition.None,
            new ReplaceGroup(new() { ["displayName"] = "Engineers" }, [$"{bob}"], SentRequest.None), Cancellation);
        return (ada, bob);
    }

    private static async Task<List<string>> Occurrences(SealedDirectory directory, string text)
    {
        var found = new List<string>();
        foreach (var table in Tables)
            found.AddRange(await directory.Texts($"select '{table}: ' || t::text from {table} t where t::text ilike '%{text}%'", Cancellation));
        return found;
    }

    private static async Task<List<string>> Rows(SealedDirectory directory)
    {
        var rows = new List<string>();
        foreach (var table in DirectoryStore.Projections.Values.SelectMany(t => t))
            rows.AddRange(await directory.Texts($"select '{table}: ' || t::text from {table} t order by 1", Cancellation));
        return rows;
    }
}

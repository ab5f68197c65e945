using Directory.Projections.Audit;
using Directory.Projections.Search;
using Directory.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

/// <summary>
/// 60,000 entries over 240,000 numbers, so that there are more runs than are looked into one by one, and the plan of every filter: none reads
/// the table from end to end.
/// </summary>
public sealed class AuditPlanTests(AuditPlanTests.ManyEntries many) : IClassFixture<AuditPlanTests.ManyEntries>
{
    private static readonly Guid Someone = Guid.Parse("00000000-0000-0000-0000-000000000001");

    private static DateTimeOffset Second(long number) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(number);

    public static TheoryData<string, AuditFilter> Filters => new()
    {
        { "nothing", new AuditFilter() },
        { "target", new AuditFilter { Target = Someone } },
        { "group", new AuditFilter { Group = Someone } },
        { "action", new AuditFilter { Action = "deactivate" } },
        { "eventType", new AuditFilter { EventType = "user_deactivated" } },
        { "connection", new AuditFilter { Connection = Someone } },
        { "requestId", new AuditFilter { RequestId = "request-4711" } },
        { "changes only", new AuditFilter { IncludeNoOps = false } },
        { "action in a period", new AuditFilter { Action = "deactivate", Since = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch.AddYears(80) } },
    };

    public static TheoryData<string, AuditFilter> Terms => new()
    {
        { "actor", new AuditFilter { Actor = "Nobody" } },
        { "token", new AuditFilter { Token = "t-3" } },
        { "targetName", new AuditFilter { TargetName = "user4711@example.com" } },
        { "externalId", new AuditFilter { ExternalId = "x-4711" } },
        { "member", new AuditFilter { Member = Someone } },
        { "attribute", new AuditFilter { Attribute = "title" } },
        { "source", new AuditFilter { Source = "203.0.113.9" } },
        { "targetType", new AuditFilter { TargetType = "provisioning" } },
        { "action and connection", new AuditFilter { Action = "deactivate", Connection = Someone } },
        { "token, changes only", new AuditFilter { Token = "t-3", IncludeNoOps = false } },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task the_first_page_is_found_by_an_index(string name, AuditFilter filter)
    {
        var plan = await many.Plan(AuditSql.Entries(Selection(filter)));

        plan.ShouldNotContain("Seq Scan", customMessage: name);
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public async Task terms_are_read_near_the_end_and_looked_up_run_by_run_in_the_rest(string name, AuditFilter filter)
    {
        var terms = AuditTerms.Query(filter)!;
        var near = await many.Plan(AuditSql.EntriesWithTermsNear(Selection(filter) with { Range = new SequenceRange(236_905, 241_000) }, terms));
        var far = await many.Plan(AuditSql.EntriesWithTermsInRuns(Selection(filter) with { Range = new SequenceRange(0, 236_904) }, terms, [.. Enumerable.Range(0, 29).Reverse()]));

        near.ShouldNotContain("Seq Scan", customMessage: name);
        near.ShouldNotContain("Sort", customMessage: $"{name}\n{near}");
        far.ShouldNotContain("Seq Scan", customMessage: name);
        far.ShouldContain("audit_term_terms");
        // The order is that of the loops: nothing but the entries of a run may be sorted, and no join may lose it.
        far.ShouldNotContain("Hash Join");
        far.ShouldNotContain("Merge Join");
        far.Split('\n').Count(line => line.Contains("Sort  (", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(1, far);
    }

    [Fact]
    public async Task beginnings_of_words_are_looked_up_at_once()
    {
        var filter = new AuditFilter { Text = "user4711" };
        var far = await many.Plan(AuditSql.EntriesWithTermsFound(Selection(filter) with { Range = new SequenceRange(0, 160_000) }, AuditTerms.Query(filter)!));

        far.ShouldNotContain("Seq Scan on audit");
        far.ShouldContain("audit_numbers");
    }

    public static TheoryData<string, AuditFilter, Func<long, bool>> Found => new()
    {
        { "a token", new AuditFilter { Token = "t-3" }, i => i % 9 == 3 },
        { "a token that was used for a while, long ago", new AuditFilter { Token = "t-old" }, i => i is > 10_000 and <= 12_000 },
        { "a name", new AuditFilter { TargetName = "user4711@example.com" }, i => i % 5000 == 4711 },
        { "a source", new AuditFilter { Source = "203.0.113.9" }, i => i % 200 == 9 },
        { "a token and an action", new AuditFilter { Token = "t-3", Action = "deactivate" }, i => i % 9 == 3 && i % 50 == 0 },
        { "a source, changes only", new AuditFilter { Source = "203.0.113.9", IncludeNoOps = false }, i => i % 200 == 9 && i % 3 != 0 },
        { "an action and a connection", new AuditFilter { Action = "deactivate", Connection = Someone }, i => i % 50 == 0 && i % 4 == 1 },
        { "in a period", new AuditFilter { Token = "t-3", Since = Second(20_000), Until = Second(30_000) }, i => i % 9 == 3 && i is >= 20_000 and < 30_000 },
        { "between numbers", new AuditFilter { Token = "t-3", FromSequence = 125_000, ToSequence = 133_000 }, i => i % 9 == 3 && i is >= 31_000 and <= 33_000 },
        { "a word", new AuditFilter { Text = "user4711" }, i => i % 5000 == 4711 },
        { "a type", new AuditFilter { TargetType = "user" }, _ => true },
        { "two tokens' actions that never meet", new AuditFilter { Token = "t-old", Action = "delete" }, _ => false },
        { "an old token and an action", new AuditFilter { Token = "t-old", Action = "deactivate" }, i => i is > 10_000 and <= 12_000 && i % 50 == 0 },
        { "a word and an action", new AuditFilter { Text = "user47", Action = "deactivate" }, i => i % 5000 is 47 or (>= 470 and < 480) or (>= 4700 and < 4800) && i % 50 == 0 },
        { "a beginning that very many words have", new AuditFilter { Text = "user", Action = "deactivate", Token = "t-3" }, i => i % 9 == 3 && i % 50 == 0 },
        { "a beginning that very many words have, and a word of few", new AuditFilter { Text = "user 4711" }, _ => false },
        { "a beginning that very many words have, and a name", new AuditFilter { Text = "user", TargetName = "user4711@example.com" }, i => i % 5000 == 4711 },
        { "two words", new AuditFilter { Text = "okta user4711" }, i => i % 5000 == 4711 },
        { "a word of nobody", new AuditFilter { Text = "okta nobody" }, _ => false },
        { "a word, where the action is none", new AuditFilter { Text = "user47", Action = "restore" }, _ => false },
        { "what is not there", new AuditFilter { Token = "nobody's" }, _ => false },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public async Task pages_tail_and_export_find_exactly_what_is_there_in_the_order_of_the_sequence(string name, AuditFilter filter, Func<long, bool> isFound)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var audit = many.Services.GetRequiredService<AuditQuery>();
        var expected = Enumerable.Range(1, 60_000).Where(i => isFound(i)).Select(i => 1000L + 4 * i).ToList();

        var first = await audit.Search("default", filter, null, 150, cancellation);
        first.Entries.Select(e => e.Sequence).ShouldBe(Enumerable.Reverse(expected).Take(150), name);
        if (expected.Count > 150)
            (await audit.Search("default", filter, first.Next, 1000, cancellation)).Entries.Select(e => e.Sequence).ShouldBe(Enumerable.Reverse(expected).Skip(150).Take(1000), name);
        else first.Next.ShouldBeNull();
        var all = new List<long>();
        await foreach (var entry in audit.All("default", filter with { FromSequence = filter.FromSequence ?? 1001 }, cancellation)) all.Add(entry.Sequence);
        all.ShouldBe(expected, name);
    }

    [Fact]
    public async Task a_page_of_many_entries_reads_few_blocks()
    {
        var plan = await many.Plan(AuditSql.Entries(Selection(new AuditFilter { Action = "deactivate" })));

        plan.ShouldContain("audit_entry_action");
        plan.ShouldNotContain("Sort");
    }

    private static AuditSelection Selection(AuditFilter filter) =>
        new("default", filter, new SequenceRange(0, 400_000), Walk: null, Descending: true, 101);

    public sealed class ManyEntries(Hosting.TestDatabase databases) : DirectoryFixture(databases), IAsyncLifetime
    {
        private const string Fill = """
            insert into audit_entry (id, seq, tenant_id, stream_type, stream_id, stream_version, event_type, action, time, actor_kind, actor_id,
                actor_name, token_id, request_id, target_name, external_id, changes, members, no_op, sentence, detail)
            select gen_random_uuid(), 1000 + 4 * i, 'default', 'user', ('00000000-0000-0000-0000-' || lpad((i % 5000)::text, 12, '0'))::uuid, i / 5000 + 1,
                case when i % 50 = 0 then 'user_deactivated' else 'user_patched' end, case when i % 50 = 0 then 'deactivate' else 'patch' end,
                timestamptz '2026-01-01 00:00Z' + i * interval '1 second', 'scim', '00000000-0000-0000-0000-00000000000' || i % 4, 'Okta', 't-' || i % 9, 'request-' || i,
                'user' || i % 5000 || '@example.com', 'x-' || i % 5000, '[]', null, i % 3 = 0, 'Okta changed user' || i % 5000, '{"request": {}}'
            from generate_series(1, 60000) i;
            insert into audit_term (tenant_id, seq, part, terms)
            select 'default', 1000 + 4 * i, 0, array_to_tsvector(array[':tt-' || i % 9, ':nuser' || i % 5000 || '@example.com', ':xx-' || i % 5000,
                ':s203.0.113.' || i % 200, ':p' || (array['title', 'active', 'emails', 'name'])[1 + i % 4], 'okta', 'changed', 'user' || i % 5000,
                'example', 'com', ':aOkta', ':kscim', ':b' || (1000 + 4 * i) / 8192, ':yuser', ':c' || case when i % 50 = 0 then 'deactivate' else 'patch' end,
                ':i00000000-0000-0000-0000-00000000000' || i % 4, case when i % 3 = 0 then 'x' else ':d1' end,
                case when i > 10000 and i <= 12000 then ':tt-old' else 'x' end])
            from generate_series(1, 60000) i;
            insert into audit_facet (tenant_id, facet, run)
            select distinct t.tenant_id, f.facet, t.seq / 8192 from audit_term t, unnest(tsvector_to_array(t.terms)) as f (facet)
            where t.seq > 1000 and f.facet ~ '^:[katspciyd]' on conflict do nothing;
            insert into audit_word (tenant_id, word)
            select distinct t.tenant_id, w.word from audit_term t, unnest(tsvector_to_array(t.terms)) as w (word) where w.word !~ '^:' on conflict do nothing;
            delete from audit_span;
            insert into audit_span values (1, 81000, '2026-01-01 00:00Z', timestamptz '2026-01-01 00:00Z' + 20000 * interval '1 second'),
                (81001, 241000, timestamptz '2026-01-01 00:00Z' + 20001 * interval '1 second', timestamptz '2026-01-01 00:00Z' + 60000 * interval '1 second');
            analyze audit_entry; analyze audit_term
            """;

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await using var command = Database.CreateCommand(Fill);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        public async Task<string> Plan(SqlFragment sql)
        {
            var cancellation = TestContext.Current.CancellationToken;
            await using var command = Database.CreateCommand($"explain (analyze, buffers) {sql.Text}");
            command.Parameters.AddRange(sql.Parameters.Select(p => p.Clone()).ToArray());
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var lines = new List<string>();
            while (await row.ReadAsync(cancellation)) lines.Add(row.GetString(0));
            return string.Join('\n', lines);
        }
    }
}

using Directory.Projections.Audit;
using Directory.Projections.Search;
using Directory.Tests.Api;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

/// <summary>60,000 entries, and the plan of every filter: none reads the table from end to end.</summary>
public sealed class AuditPlanTests(AuditPlanTests.ManyEntries many) : IClassFixture<AuditPlanTests.ManyEntries>
{
    private static readonly Guid Someone = Guid.Parse("00000000-0000-0000-0000-000000000777");

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
        { "text", new AuditFilter { Text = "user4711" } },
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
    public async Task terms_are_read_near_the_end_and_looked_up_in_the_rest(string name, AuditFilter filter)
    {
        var terms = AuditTerms.Query(filter)!;
        var near = await many.Plan(AuditSql.EntriesWithTermsRead(Selection(filter) with { Range = new SequenceRange(40_001, 60_000) }, terms));
        var far = await many.Plan(AuditSql.EntriesWithTermsFound(Selection(filter) with { Range = new SequenceRange(0, 40_000) }, terms));

        near.ShouldNotContain("Seq Scan", customMessage: name);
        far.ShouldNotContain("Seq Scan on audit", customMessage: name);
    }

    [Fact]
    public async Task a_page_of_many_entries_reads_few_blocks()
    {
        var plan = await many.Plan(AuditSql.Entries(Selection(new AuditFilter { Action = "deactivate" })));

        plan.ShouldContain("audit_entry_action");
        plan.ShouldNotContain("Sort");
    }

    private static AuditSelection Selection(AuditFilter filter) =>
        new("default", filter, new SequenceRange(0, 100_000), Walk: null, Descending: true, 101);

    public sealed class ManyEntries(Hosting.TestDatabase databases) : DirectoryFixture(databases), IAsyncLifetime
    {
        private const string Fill = """
            insert into audit_entry (id, seq, tenant_id, stream_type, stream_id, stream_version, event_type, action, time, actor_kind, actor_id,
                actor_name, token_id, request_id, target_name, external_id, changes, members, no_op, sentence, detail)
            select gen_random_uuid(), 1000 + i, 'default', 'user', ('00000000-0000-0000-0000-' || lpad((i % 5000)::text, 12, '0'))::uuid, i / 5000 + 1,
                case when i % 50 = 0 then 'user_deactivated' else 'user_patched' end, case when i % 50 = 0 then 'deactivate' else 'patch' end,
                timestamptz '2026-01-01 00:00Z' + i * interval '1 second', 'scim', 'c-' || i % 4, 'Okta', 't-' || i % 9, 'request-' || i,
                'user' || i % 5000 || '@example.com', 'x-' || i % 5000, '[]', null, i % 3 = 0, 'Okta changed user' || i % 5000, '{}'
            from generate_series(1, 60000) i;
            insert into audit_term (tenant_id, seq, part, terms)
            select 'default', 1000 + i, 0, array_to_tsvector(array[':tt-' || i % 9, ':nuser' || i % 5000 || '@example.com', ':xx-' || i % 5000,
                ':s203.0.113.' || i % 200, ':p' || (array['title', 'active', 'emails', 'name'])[1 + i % 4], 'okta', 'changed', 'user' || i % 5000,
                'example', 'com', ':aOkta', ':kscim'])
            from generate_series(1, 60000) i;
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

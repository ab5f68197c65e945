using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Tests.Hosting;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Search;

/// <summary>Tables large enough that the planner prefers an index where there is one, with two tenants in them.</summary>
public sealed class LargeDirectory(TestDatabase databases) : IAsyncLifetime
{
    public const string Tenant = "large";
    public const string SmallTenant = "small";

    public SearchDatabase Database { get; } = new(databases);

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.Execute($$$"""
            insert into scim_user (tenant_id, id, version, stream_version, created, last_modified, active, user_name, user_name_key, external_id, search, body)
            select case when n % 100 = 7 then '{{{SmallTenant}}}' else '{{{Tenant}}}' end, md5(n::text)::uuid, 1, 1,
                '2020-01-01Z'::timestamptz + n * interval '1 hour', '2021-01-01Z'::timestamptz + n * interval '1 hour', n % 50 <> 0,
                'user' || n || '@example.com', 'user' || n || '@example.com', case when n % 100 = 1 then 'ext' || n end,
                jsonb_strip_nulls(jsonb_build_object(
                    'displayName', case when n % 100 = 2 then 'display ' || n end,
                    'title', 'title ' || n,
                    'name', jsonb_build_object('familyName', case when n % 100 in (3, 7) then 'family' || n end,
                        'givenName', case when n % 100 = 3 then 'given' || n end, 'formatted', case when n % 100 = 3 then 'formatted' || n end,
                        'middleName', case when n % 100 = 3 then 'middle' || n end, 'honorificPrefix', case when n % 100 = 3 then 'prefix' || n end,
                        'honorificSuffix', case when n % 100 = 3 then 'suffix' || n end),
                    'emails', case when n % 100 = 4 then jsonb_build_array(jsonb_build_object('value', 'mail' || n || '@example.com', 'type', 'work')) end,
                    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('department', 'department ' || n))), ''
            from generate_series(1, 30000) n
            """);
        await Database.Execute($$$"""
            insert into scim_group (tenant_id, id, version, stream_version, created, last_modified, display_name, display_name_key, external_id, search, body)
            select case when n % 100 = 7 then '{{{SmallTenant}}}' else '{{{Tenant}}}' end, md5('g' || n)::uuid, 1, 1,
                '2020-01-01Z'::timestamptz + n * interval '1 hour', '2021-01-01Z'::timestamptz + n * interval '1 hour',
                'group' || n, 'group' || n, case when n % 100 = 1 then 'ext' || n end, '{}', ''
            from generate_series(1, 10000) n
            """);
        await Database.Execute($$$"""
            insert into group_member (tenant_id, group_id, member_id, member_type, member_name, added_at, added_by, added_version)
            select '{{{Tenant}}}', md5('g' || (1 + n % 1000))::uuid, md5(n::text)::uuid, 'User', '', now(), md5('e')::uuid, 1 from generate_series(1, 30000) n
            """);
        await Database.Execute("vacuum analyze scim_user");
        await Database.Execute("vacuum analyze scim_group");
        await Database.Execute("vacuum analyze group_member");
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>No filter on what identifies a resource reads the whole table: EXPLAIN names an index and no sequential scan.</summary>
public sealed class FilterPlanTests(LargeDirectory directory) : IClassFixture<LargeDirectory>
{
    private const string User1 = "c4ca4238-a0b9-2382-0dcc-509a6f75849b"; // md5 of "1"

    public static TheoryData<string, string> UserPlans => new()
    {
        { "userName eq \"USER77@example.com\"", "scim_user_name_unique" },
        { "userName sw \"user77\"", "scim_user_name_unique" },
        { "userName gt \"user9998\"", "scim_user_name_unique" },
        { "externalId eq \"ext101\"", "scim_user_external_id" },
        { "externalId sw \"ext10\"", "scim_user_external_id" },
        { "externalId pr", "scim_user_external_id" },
        { "displayName eq \"display 102\"", "scim_user_display_name" },
        { "displayName sw \"display 10\"", "scim_user_display_name" },
        { "displayName pr", "scim_user_display_name" },
        { "name.familyName eq \"FAMILY103\"", "scim_user_name_family_name" },
        { "name.familyName sw \"family10\"", "scim_user_name_family_name" },
        { "name.familyName pr", "scim_user_name_family_name" },
        { "name.givenName eq \"given103\"", "scim_user_name_given_name" },
        { "name.givenName sw \"given10\"", "scim_user_name_given_name" },
        { "name.givenName pr", "scim_user_name_given_name" },
        { "name.formatted sw \"formatted10\"", "scim_user_name_formatted" },
        { "name.middleName sw \"middle10\"", "scim_user_name_middle_name" },
        { "name.honorificPrefix sw \"prefix10\"", "scim_user_name_honorific_prefix" },
        { "name.honorificSuffix pr", "scim_user_name_honorific_suffix" },
        { "name[givenName eq \"given103\" and familyName eq \"family103\"]", "scim_user_search" },
        { "emails eq \"mail104@example.com\"", "scim_user_search" },
        { "emails.value eq \"mail104@example.com\"", "scim_user_search" },
        { "emails[type eq \"work\" and value eq \"mail104@example.com\"]", "scim_user_search" },
        { "emails[type eq \"work\"].value eq \"mail104@example.com\"", "scim_user_search" },
        { "emails.value sw \"mail10\"", "scim_user_email_prefixes" },
        { "emails[type eq \"work\" and value sw \"mail1004@\"]", "scim_user_" },
        { "emails.value pr", "scim_user_with_emails" },
        { "emails pr", "scim_user_with_emails" },
        { $"id eq \"{User1}\"", "scim_user_pkey" },
        { "id sw \"c4ca\"", "scim_user_pkey" },
        { "meta.created gt \"2023-06-01T00:00:00Z\"", "scim_user_created" },
        { "meta.created eq \"2020-01-01T01:00:00Z\"", "scim_user_created" },
        { "meta.lastModified ge \"2024-05-01T00:00:00Z\"", "scim_user_last_modified" },
        { "meta[lastModified lt \"2021-01-05T00:00:00Z\"]", "scim_user_last_modified" },
        { $"meta.location eq \"https://x/scim/v2/Users/{User1}\"", "scim_user_pkey" },
        { "active eq false", "scim_user_active" },
        { "title eq \"TITLE 5\"", "scim_user_search" },
        { $"{ScimUrns.EnterpriseUser}:department eq \"department 5\"", "scim_user_search" },
        { "roles[value eq \"x\" and primary eq true]", "scim_user_search" },
        { "title eq \"title 5\" or userName eq \"user6@example.com\"", "BitmapOr" },
        { "title eq \"title 5\" and not (nickName pr)", "scim_user_search" },
        { $"groups.value eq \"{Group2}\"", "scim_user_pkey" },
        { "groups.display eq \"group5\"", "scim_user_pkey" },
    };

    private const string Group2 = "e1c80488-853d-86ab-9d6d-ecfe30d8930f"; // md5 of "g2"

    [Theory, MemberData(nameof(UserPlans))]
    public async Task A_filter_on_users_uses_an_index(string filter, string index)
    {
        var plan = await Plan(filter, ResourceTypes.User, LargeDirectory.Tenant);
        plan.ShouldContain(index, customMessage: plan);
        plan.ShouldNotContain("Seq Scan", customMessage: plan);
    }

    public static TheoryData<string, string> GroupPlans => new()
    {
        { "displayName eq \"GROUP77\"", "scim_group_name_unique" },
        { "displayName sw \"group77\"", "scim_group_name_unique" },
        { "externalId pr", "scim_group_external_id" },
        { "externalId eq \"ext101\"", "scim_group_external_id" },
        { $"id eq \"{User1}\"", "scim_group_pkey" },
        { "meta.created ge \"2021-02-15T00:00:00Z\"", "scim_group_created" },
        { $"members.value eq \"{User1}\"", "group_member_of" },
        { $"members[value eq \"{User1}\" and type eq \"User\"]", "group_member_of" },
        { "displayName eq \"group1\" and members pr", "scim_group_name_unique" },
    };

    [Theory, MemberData(nameof(GroupPlans))]
    public async Task A_filter_on_groups_uses_an_index(string filter, string index)
    {
        var plan = await Plan(filter, ResourceTypes.Group, LargeDirectory.Tenant);
        plan.ShouldContain(index, customMessage: plan);
        plan.ShouldNotContain("Seq Scan", customMessage: plan);
    }

    [Theory]
    [InlineData("userName pr")]
    [InlineData("id pr")]
    [InlineData("active eq true")]
    [InlineData("meta.created pr")]
    [InlineData("userName co \"x\"")]
    [InlineData("name.familyName co \"x\"")]
    [InlineData("not (title eq \"x\")")]
    public async Task A_filter_that_most_satisfy_reads_its_own_tenant_only(string filter) =>
        (await Plan(filter, ResourceTypes.User, LargeDirectory.SmallTenant)).ShouldNotContain("Seq Scan");

    [Theory]
    [InlineData("userName", "scim_user_name_unique")]
    [InlineData("meta.lastModified", "scim_user_last_modified")]
    [InlineData("id", "scim_user_pkey")]
    public async Task A_page_in_the_order_of_an_attribute_reads_the_index(string sortBy, string index)
    {
        var order = SortSql.OrderBy(SortSql.Resolve(sortBy, ResourceTypes.User), descending: true, ResourceTypes.User);
        var plan = await Explain($"select r.id from scim_user r where r.tenant_id = $1 order by {order} limit 100", LargeDirectory.Tenant, []);
        plan.ShouldContain(index, customMessage: plan);
        plan.ShouldNotContain("Seq Scan", customMessage: plan);
    }

    private async Task<string> Plan(string filter, ResourceType type, string tenant)
    {
        var condition = FilterSql.Compile(FilterParser.Parse(filter, type), new SearchScope(type, tenant, "https://x/scim/v2"), firstParameter: 2);
        return await Explain(
            $"select r.id from scim_{type.Name.ToLowerInvariant()} r where r.tenant_id = $1 and {condition.Text}", tenant, condition.Parameters);
    }

    private async Task<string> Explain(string sql, string tenant, IReadOnlyList<NpgsqlParameter> parameters)
    {
        await using var command = directory.Database.Source.CreateCommand("explain (costs off) " + sql);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}

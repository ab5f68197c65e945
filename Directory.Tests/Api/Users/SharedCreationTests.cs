using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Users;

/// <summary>Creations that arrive at once share transactions, and nobody can tell but by the database.</summary>
public sealed class SharedCreationTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    private const int Users = 60;

    [Fact]
    public async Task creations_share_transactions_and_each_keeps_its_own_request()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Users).Select(i => directory.Scim("POST", "/Users", Some.User($"shared-{i}"))));

        answers.ShouldAllBe(a => a.Status == 201);
        for (var i = 0; i < Users; i++) ((string?)answers[i].Body!["userName"]).ShouldBe($"shared-{i}");
        const string events = "from mt_events where type = 'user_created' and data->'subject'->>'name' like 'shared-%'";
        (await directory.Scalar<long>($"select count(*) {events}")).ShouldBe(Users);
        (await directory.Scalar<long>($"select count(distinct causation_id) {events}")).ShouldBe(Users);
        (await directory.Scalar<long>($"select count(distinct headers->>'body_sha256') {events}")).ShouldBe(Users);
        (await directory.Scalar<long>($"select count(*) {events} and headers->>'actor_kind' = 'scim' and headers->>'token_prefix' <> ''"))
            .ShouldBe(Users);
        (await directory.Scalar<long>($"select count(distinct xmin::text) {events}")).ShouldBeLessThan(Users);
        (await directory.Scalar<long>("""
            select count(*) from audit_entry a join mt_events e on e.id = a.id and e.seq_id = a.seq and e.causation_id = a.request_id
            where a.target_name like 'shared-%'
            """)).ShouldBe(Users);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task a_name_that_is_taken_refuses_its_own_creation_and_no_other()
    {
        var names = Enumerable.Range(0, Users).Select(i => i % 3 == 2 ? $"MIXED-{i - 1}" : $"mixed-{i}").ToList();

        var answers = await Task.WhenAll(names.Select(name => directory.Scim("POST", "/Users", Some.User(name))));

        var created = answers.Count(a => a.Status == 201);
        created.ShouldBe(names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        answers.Where(a => a.Status != 201).ShouldAllBe(a => a.Status == 409 && a.ScimType == "uniqueness");
        for (var i = 0; i < Users; i += 3) answers[i].Status.ShouldBe(201, names[i]);
        (await directory.Scalar<long>("select count(*) from scim_user where user_name_key like 'mixed-%'")).ShouldBe(created);
        await Invariants.ShouldHold(directory);
    }
}

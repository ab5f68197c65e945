using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Shouldly;
using Xunit;

namespace Directory.Tests.Adoption;

/// <summary>Who manages a user or group, and how that changes.</summary>
public sealed class CustodyTests
{
    private const string Okta = "0198a000-0000-7000-8000-0000000000a1", Entra = "0198a000-0000-7000-8000-0000000000a2";

    private static readonly SentRequest Sent = new(new JsonObject { ["sent"] = true });
    private static readonly UserCreated Ada = new(new Subject("ada"), new JsonObject { ["userName"] = "ada", ["active"] = true }, null);
    private static readonly UserCreated Numbered =
        new(new Subject("ada", "hr-1"), new JsonObject { ["userName"] = "ada", ["externalId"] = "hr-1", ["active"] = true }, null);
    private static readonly UserAdopted Adopted = new(new Subject("ada"), Okta, null);
    private static readonly GroupCreated Staff = new(new Subject("Staff"), new JsonObject { ["displayName"] = "Staff" }, null);

    [Theory]
    [InlineData(null, Okta, false, true)]
    [InlineData(null, Okta, true, true)]
    [InlineData(Okta, Okta, false, false)]
    [InlineData(Entra, Okta, true, false)]
    public void a_connection_makes_first_contact_with_what_is_local_only(string? managedBy, string connection, bool shared, bool first) =>
        Custody.IsFirstContact("User", managedBy, connection, shared).ShouldBe(first);

    [Fact]
    public void what_another_connection_manages_is_refused() =>
        Should.Throw<ScimException>(() => Custody.IsFirstContact("User", Entra, Okta, isShared: false)).Error.Status.ShouldBe(403);

    [Fact]
    public void the_creator_manages_a_user_until_an_administrator_releases_it()
    {
        var created = User.Evolve(ResourceTypes.User, null, Guid.Empty, Ada, new EventStamp(1, DateTimeOffset.UnixEpoch, Okta));
        created.ManagedBy.ShouldBe(Okta);
        var released = User.Evolve(ResourceTypes.User, created, Guid.Empty, new UserReleased(Ada.Subject, Okta, null), new EventStamp(2, DateTimeOffset.UnixEpoch));
        (released.ManagedBy, released.Meta.Version, released.Meta.StreamVersion).ShouldBe((null, 1, 2));
        User.Evolve(ResourceTypes.User, released, Guid.Empty, Adopted, new EventStamp(3, DateTimeOffset.UnixEpoch)).ManagedBy.ShouldBe(Okta);
    }

    [Fact]
    public void a_put_takes_over_and_does_what_it_asks_for()
    {
        var (events, obstacle) = TakeOver(AdoptionTerms.Free, Put(("title", "Countess"), ("externalId", "00u1")), Ada);

        obstacle.ShouldBeNull();
        events[0].ShouldBe(Adopted);
        var replaced = events[1].ShouldBeOfType<UserReplaced>();
        replaced.Changes.Select(c => c.Path).ShouldBe(["externalId", "title"]);
        replaced.Request.ShouldBe(Sent);
    }

    [Fact]
    public void a_patch_that_deactivates_takes_over_first()
    {
        var patch = new PatchUser([new PatchOperation(ChangeOperation.Replace, null, new JsonObject { ["active"] = false })], Sent);

        TakeOver(AdoptionTerms.Free, patch, Ada).Events.Select(e => e.GetType().Name).ShouldBe([nameof(UserAdopted), nameof(UserDeactivated)]);
    }

    [Fact]
    public void a_put_that_changes_nothing_takes_over_all_the_same() =>
        TakeOver(AdoptionTerms.Free, Put(), Ada).Events.Select(e => e.GetType().Name).ShouldBe([nameof(UserAdopted), nameof(UserReplaced)]);

    [Theory]
    [InlineData(false, AdoptionAnswer.None, "ada", null, true)]
    [InlineData(false, AdoptionAnswer.None, "ADA", "hr-1", true)]
    [InlineData(true, AdoptionAnswer.None, "ada", "hr-1", false)]
    [InlineData(true, AdoptionAnswer.Consented, "ada", "hr-1", true)]
    [InlineData(true, AdoptionAnswer.Declined, "ada", "hr-1", false)]
    [InlineData(false, AdoptionAnswer.Declined, "ada", "hr-1", false)]
    [InlineData(false, AdoptionAnswer.None, "eve", "hr-1", false)]
    [InlineData(false, AdoptionAnswer.Consented, "eve", "hr-1", true)]
    [InlineData(false, AdoptionAnswer.None, "ada", "00u1", false)]
    [InlineData(false, AdoptionAnswer.Consented, "ada", "00u1", true)]
    public void a_first_contact_is_let_or_asked_about(bool demanded, AdoptionAnswer answer, string userName, string? externalId, bool let)
    {
        var put = new ReplaceUser(new JsonObject { ["userName"] = userName, ["externalId"] = externalId }, Sent);
        var given = externalId is null ? Ada : Numbered;

        var (events, obstacle) = TakeOver(new AdoptionTerms(demanded, answer), put, given);

        (obstacle is null).ShouldBe(let, obstacle);
        events.Count.ShouldBe(let ? 2 : 0);
    }

    [Fact]
    public void a_put_without_the_externalId_that_is_there_is_asked_about() =>
        TakeOver(AdoptionTerms.Free, Put(), Numbered).Obstacle.ShouldNotBeNull().ShouldContain("externalId");

    [Fact]
    public void a_connection_deletes_nothing_that_it_does_not_manage() =>
        Should.Throw<ScimException>(() => TakeOver(AdoptionTerms.Free, new DeleteUser(Sent), Ada)).Error.Status.ShouldBe(403);

    [Fact]
    public void an_administrator_switches_and_deletes_a_local_user_and_what_is_so_already_gets_no_event()
    {
        var local = new UserSpecification(Ada);
        local.When(new SwitchLocalUser(true, Sent)).ShouldBeEmpty();
        local.When(new SwitchLocalUser(false, Sent)).Single().ShouldBeOfType<UserDeactivated>().Changes.Single()
            .ShouldBe(AttributeChange.Of("active", JsonValue.Create(true), JsonValue.Create(false)));
        var off = local.After(new SwitchLocalUser(false, Sent));
        off.State!.IsActive.ShouldBeFalse();
        off.When(new SwitchLocalUser(false, Sent)).ShouldBeEmpty();
        off.When(new SwitchLocalUser(true, Sent)).Single().ShouldBeOfType<UserReactivated>();
        local.When(new DeleteLocalUser(Sent)).Single().ShouldBeOfType<UserDeleted>();
        local.Refuses(new ReleaseUser(Sent)).Status.ShouldBe(409);
    }

    [Fact]
    public void an_administrator_leaves_a_managed_user_alone_but_releases_it()
    {
        var managed = new UserSpecification(Ada, Adopted);
        managed.Refuses(new SwitchLocalUser(false, Sent)).Status.ShouldBe(409);
        managed.Refuses(new SwitchLocalUser(true, Sent)).Status.ShouldBe(409);
        managed.Refuses(new DeleteLocalUser(Sent)).Status.ShouldBe(409);
        managed.Refuses(new AnswerUserAdoption(Entra, true, Sent)).Status.ShouldBe(409);
        managed.When(new ReleaseUser(Sent)).ShouldBe([new UserReleased(new Subject("ada"), Okta, Sent)]);
        managed.After(new ReleaseUser(Sent)).When(new DeleteLocalUser(Sent)).Single().ShouldBeOfType<UserDeleted>();
    }

    [Fact]
    public void groups_follow_the_same_rules()
    {
        var member = new Member(Guid.Parse("0198a000-0000-7000-8000-0000000000b1"), Member.User, "ada");
        var facts = new MembershipFacts(new Dictionary<Guid, Member> { [member.Id] = member }, new Dictionary<Guid, Member>(), new HashSet<Guid>());
        var patch = new PatchGroup([new PatchOperation(ChangeOperation.Add, "members", new JsonArray(new JsonObject { ["value"] = member.Id.ToString() }))], Sent);
        var local = new GroupSpecification(facts, Staff);

        var (events, obstacle) = GroupCustody.TakeOver(ResourceTypes.Group, local.State!, patch, facts, Okta, AdoptionTerms.Free);
        obstacle.ShouldBeNull();
        events.Select(e => e.GetType().Name).ShouldBe([nameof(GroupAdopted), nameof(GroupMembersAdded)]);
        GroupCustody.TakeOver(ResourceTypes.Group, local.State!, patch, facts, Okta, new AdoptionTerms(true, AdoptionAnswer.None)).Obstacle.ShouldNotBeNull();
        Should.Throw<ScimException>(() => GroupCustody.TakeOver(ResourceTypes.Group, local.State!, new DeleteGroup(Sent), facts, Okta, AdoptionTerms.Free));
        local.When(new ExtendLocalGroup([member.Id], Sent)).Single().ShouldBeOfType<GroupMembersAdded>();
        local.When(new DeleteLocalGroup(Sent)).Single().ShouldBeOfType<GroupDeleted>();

        var managed = new GroupSpecification(facts, Staff, new GroupAdopted(Staff.Subject, Okta, null));
        managed.Refuses(new ExtendLocalGroup([member.Id], Sent)).Status.ShouldBe(409);
        managed.Refuses(new DeleteLocalGroup(Sent)).Status.ShouldBe(409);
        managed.When(new ReleaseGroup(Sent)).ShouldBe([new GroupReleased(Staff.Subject, Okta, Sent)]);
    }

    private static (IReadOnlyList<IUserEvent> Events, string? Obstacle) TakeOver(AdoptionTerms terms, UserCommand command, params IUserEvent[] given) =>
        UserCustody.TakeOver(ResourceTypes.User, new UserSpecification(given).State!, command, Okta, terms);

    private static ReplaceUser Put(params (string Name, string Value)[] more)
    {
        var attributes = new JsonObject { ["userName"] = "ada" };
        foreach (var (name, value) in more) attributes[name] = value;
        return new ReplaceUser(attributes, Sent);
    }
}

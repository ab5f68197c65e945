using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Groups;

public sealed class GroupRestorationTests
{
    private static readonly SentRequest Sent = new(new JsonObject { ["as"] = "sent" });

    private static readonly Member Ada = Someone(1), Bob = Someone(2), Cem = Someone(3), Outer = new(Guid.Parse($"{9:x8}-0000-7000-8000-000000000000"), Member.Group, "Outer");

    private static readonly JsonObject Team = new() { ["displayName"] = "Team" };

    [Fact]
    public void a_group_is_brought_back_with_its_attributes_and_members()
    {
        var events = Given(Facts(current: [Bob], known: [Ada, Bob]), Renamed()).When(new RestoreGroup(Team, [Ada.Id], 1, Sent));

        events.Count.ShouldBe(3);
        events[0].ShouldBeOfType<GroupRestored>().Changes.ShouldBe([AttributeChange.Of("displayName", "Crew", "Team")]);
        events[1].ShouldBeOfType<GroupMembersRemoved>().Members.ShouldBe([Bob]);
        events[2].ShouldBeOfType<GroupMembersAdded>().Members.ShouldBe([Ada]);
        events.Select(e => e.Request).ShouldBe([Sent, null, null]);
    }

    [Fact]
    public void whoever_is_gone_or_contains_the_group_by_now_is_left_out()
    {
        var facts = Facts(current: [], known: [Ada, Outer], above: [Outer.Id]);

        var events = Given(facts).When(new RestoreGroup(Team, [Ada.Id, Cem.Id, Outer.Id], 1, Sent));

        events.ShouldHaveSingleItem().ShouldBeOfType<GroupMembersAdded>().Members.ShouldBe([Ada]);
    }

    [Fact]
    public void a_deleted_group_comes_back_even_if_nothing_else_changes() =>
        Given(Facts([], []), new GroupDeleted(new Subject("Team"), SentRequest.None)).When(new RestoreGroup(Team, null, 1, Sent))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupRestored>().FromVersion.ShouldBe(1);

    [Fact]
    public void restoring_what_is_so_already_does_nothing() =>
        Given(Facts(current: [Ada], known: [Ada])).When(new RestoreGroup(Team, [Ada.Id], 1, Sent)).ShouldBeEmpty();

    [Fact]
    public void members_stay_as_they_are_when_none_are_named() =>
        Given(Facts(current: [Ada], known: [Ada]), Renamed()).When(new RestoreGroup(Team, null, 1, Sent))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupRestored>();

    [Fact]
    public void undoing_adds_and_removes_single_members_and_leaves_the_others()
    {
        var events = Given(Facts(current: [Bob, Cem], known: [Ada, Bob])).When(new UndoGroup([], false, [Ada.Id], [Bob.Id], 1, Sent));

        events.Count.ShouldBe(2);
        events[0].ShouldBeOfType<GroupMembersRemoved>().Members.ShouldBe([Bob]);
        events[1].ShouldBeOfType<GroupMembersAdded>().Members.ShouldBe([Ada]);
    }

    [Fact]
    public void undoing_what_is_undone_already_does_nothing() =>
        Given(Facts(current: [Ada], known: [Ada, Bob])).When(
            new UndoGroup([AttributeChange.Of("displayName", "Crew", "Team")], false, [Ada.Id], [Bob.Id], 1, Sent)).ShouldBeEmpty();

    [Fact]
    public void undoing_leaves_a_deleted_group_deleted_unless_its_return_is_asked_for()
    {
        var deleted = Given(Facts([], [Ada]), new GroupDeleted(new Subject("Team"), SentRequest.None));

        deleted.When(new UndoGroup([], false, [Ada.Id], [], 1, Sent)).ShouldBeEmpty();
        deleted.When(new UndoGroup([], true, [Ada.Id], [], 1, Sent)).Count.ShouldBe(2);
    }

    [Fact]
    public void a_restoration_asks_for_all_members_and_an_undo_for_those_it_names()
    {
        MembershipQuestions.Of(new RestoreGroup(Team, [Ada.Id], 1, Sent)).All.ShouldBeTrue();
        var question = MembershipQuestions.Of(new UndoGroup([], false, [Ada.Id], [Bob.Id], 1, Sent));
        question.All.ShouldBeFalse();
        question.Candidates.ShouldBe([Ada.Id, Bob.Id], ignoreOrder: true);
    }

    private static GroupSpecification Given(MembershipFacts facts, params IGroupEvent[] more) =>
        new(facts, [new GroupCreated(new Subject("Team"), (JsonObject)Team.DeepClone(), SentRequest.None), .. more]);

    private static GroupPatched Renamed() => new(new Subject("Team"), [AttributeChange.Of("displayName", "Team", "Crew")], SentRequest.None);

    private static MembershipFacts Facts(Member[] current, Member[] known, params Guid[] above) =>
        new(known.ToDictionary(m => m.Id), current.ToDictionary(m => m.Id), above.ToHashSet());

    private static Member Someone(int number) => new(Guid.Parse($"{number:x8}-0000-7000-8000-000000000000"), Member.User, $"user{number}");
}

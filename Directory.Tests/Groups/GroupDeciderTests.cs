using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Shouldly;
using Xunit;

namespace Directory.Tests.Groups;

public sealed class GroupDeciderTests
{
    private static readonly SentRequest Sent = new(new JsonObject { ["as"] = "sent" });
    private static readonly Member Ada = new(Guid.Parse("0198a000-0000-7000-8000-00000000000a"), Member.User, "ada@example.com");
    private static readonly Member Bob = new(Guid.Parse("0198a000-0000-7000-8000-00000000000b"), Member.User, "bob@example.com");

    [Fact]
    public void Adding_a_member_is_an_event_about_that_member_only() =>
        Group(current: [Bob]).When(Patch($$"""{"op":"add","path":"members","value":[{"value":"{{Ada.Id}}"}]}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupMembersAdded>().Members.ShouldBe([Ada]);

    [Fact]
    public void Adding_who_is_in_already_changes_nothing() =>
        Group(current: [Ada]).When(Patch($$"""{"op":"add","path":"members","value":[{"value":"{{Ada.Id}}"}]}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupPatched>().Changes.ShouldBeEmpty();

    [Fact]
    public void Removing_who_is_out_already_changes_nothing() =>
        Group(current: []).When(Patch($$"""{"op":"remove","path":"members[value eq \"{{Ada.Id}}\"]"}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupPatched>().Changes.ShouldBeEmpty();

    [Fact]
    public void A_removal_with_a_value_list_removes_those_and_no_others() =>
        Group(current: [Ada, Bob]).When(Patch($$"""{"op":"remove","path":"members","value":[{"$ref":null,"value":"{{Ada.Id}}"}]}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupMembersRemoved>().Members.ShouldBe([Ada]);

    [Fact]
    public void A_name_pushed_with_its_own_id_leaves_the_members() =>
        Group(current: [Ada]).When(Patch("""{"op":"replace","value":{"id":"0198a000-0000-7000-8000-000000000002","displayName":"Engineering"}}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupPatched>().Changes.ShouldBeEmpty();

    [Fact]
    public void A_full_push_yields_the_difference()
    {
        var events = Group(current: [Ada]).When(Patch($$"""{"op":"replace","path":"members","value":[{"value":"{{Bob.Id}}"}]}"""));

        events.Count.ShouldBe(2);
        events[0].ShouldBeOfType<GroupMembersRemoved>().Members.ShouldBe([Ada]);
        events[1].ShouldBeOfType<GroupMembersAdded>().Members.ShouldBe([Bob]);
        (events[0].Request, events[1].Request).ShouldBe((Sent, null));
    }

    [Fact]
    public void Who_is_removed_and_added_in_one_request_stayed() =>
        Group(current: [Ada]).When(Patch(
                $$"""{"op":"remove","path":"members[value eq \"{{Ada.Id}}\"]"},{"op":"add","path":"members","value":[{"value":"{{Ada.Id}}"}]}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupPatched>();

    [Fact]
    public void A_put_with_its_own_name_and_the_same_members_changes_nothing() =>
        Group(current: [Ada]).When(new ReplaceGroup(Json("""{"displayName":"Engineering"}"""), [Ada.Id.ToString()], Sent))
            .ShouldHaveSingleItem().ShouldBeOfType<GroupReplaced>().Changes.ShouldBeEmpty();

    [Fact]
    public void An_unknown_member_is_named_in_the_refusal()
    {
        var stranger = Guid.Parse("0198a000-0000-7000-8000-0000000000ff");

        var error = Group(current: []).Refuses(Patch($$"""{"op":"add","path":"members","value":[{"value":"{{stranger}}"}]}"""));

        (error.Status, error.ScimType).ShouldBe((400, "invalidValue"));
        error.Detail.ShouldContain(stranger.ToString());
    }

    [Fact]
    public void A_group_cannot_become_a_member_of_what_it_contains()
    {
        var parent = new Member(Guid.Parse("0198a000-0000-7000-8000-0000000000aa"), Member.Group, "All");
        var group = Group(current: [], known: [parent], above: [parent.Id]);

        group.Refuses(Patch($$"""{"op":"add","path":"members","value":[{"value":"{{parent.Id}}"}]}""")).ScimType.ShouldBe("invalidValue");
    }

    [Theory]
    [InlineData("""{"op":"add","path":"members","value":[{"value":"ID"}]}""", false)]
    [InlineData("""{"op":"remove","path":"members[value eq \"ID\"]"}""", false)]
    [InlineData("""{"op":"remove","path":"members","value":[{"value":"ID"}]}""", false)]
    [InlineData("""{"op":"replace","value":{"displayName":"X"}}""", false)]
    [InlineData("""{"op":"remove","path":"members"}""", true)]
    [InlineData("""{"op":"replace","path":"members","value":[{"value":"ID"}]}""", true)]
    [InlineData("""{"op":"replace","value":{"members":[]}}""", true)]
    [InlineData("""{"op":"remove","path":"members[display sw \"a\"]"}""", true)]
    public void All_members_are_asked_for_only_where_one_by_one_will_not_do(string operation, bool all)
    {
        var question = MembershipQuestions.Of(Patch(operation.Replace("ID", Ada.Id.ToString(), StringComparison.Ordinal)));

        question.All.ShouldBe(all);
        question.Candidates.Contains(Ada.Id).ShouldBe(operation.Contains("ID", StringComparison.Ordinal));
    }

    private static GroupSpecification Group(Member[] current, Member[]? known = null, Guid[]? above = null) => new(
        new MembershipFacts(
            (known ?? [Ada, Bob]).ToDictionary(m => m.Id), current.ToDictionary(m => m.Id), (above ?? []).ToHashSet()),
        new GroupCreated(new Subject("Engineering"), Json("""{"displayName":"Engineering"}"""), null));

    private static PatchGroup Patch(string operations) => new(
        PatchRequest.Parse(Json($$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operations}}]}""")), Sent);

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}

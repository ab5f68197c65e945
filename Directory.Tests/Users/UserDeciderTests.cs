using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Users;
using Shouldly;
using Xunit;

namespace Directory.Tests.Users;

public sealed class UserDeciderTests
{
    private static readonly SentRequest Sent = new(new JsonObject { ["as"] = "sent" });

    [Fact]
    public void A_user_created_without_active_is_active()
    {
        var created = new UserSpecification().When(new CreateUser(Json("""{"userName":"ada@example.com"}"""), Sent)).ShouldHaveSingleItem();

        created.ShouldBeOfType<UserCreated>().Attributes["active"]!.GetValue<bool>().ShouldBeTrue();
        created.Subject.ShouldBe(new Subject("ada@example.com"));
    }

    [Fact]
    public void A_pathless_patch_of_active_alone_is_a_deactivation_and_nothing_else()
    {
        var events = Ada().When(Patch("""{"op":"replace","value":{"active":false}}"""));

        var deactivated = events.ShouldHaveSingleItem().ShouldBeOfType<UserDeactivated>();
        deactivated.Changes.ShouldBe([AttributeChange.Of("active", true, false)]);
        deactivated.Request.ShouldBe(Sent);
    }

    [Fact]
    public void Deactivating_twice_changes_nothing_the_second_time_and_is_remembered()
    {
        var again = Ada().After(Patch("""{"op":"replace","value":{"active":false}}""")).When(Patch("""{"op":"replace","value":{"active":false}}"""));

        again.ShouldHaveSingleItem().ShouldBeOfType<UserPatched>().Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_patch_that_also_deactivates_puts_each_change_in_one_event()
    {
        var events = Ada().When(Patch("""{"op":"replace","value":{"active":false,"title":"Countess"}}"""));

        events.Count.ShouldBe(2);
        events[0].ShouldBeOfType<UserPatched>().Changes.ShouldBe([AttributeChange.Of("title", null, "Countess")]);
        events[1].ShouldBeOfType<UserDeactivated>().Changes.ShouldBe([AttributeChange.Of("active", true, false)]);
        (events[0].Request, events[1].Request).ShouldBe((Sent, null));
    }

    [Fact]
    public void A_put_clears_what_it_omits()
    {
        var events = Ada().When(Put("""{"userName":"ada@example.com","active":true}"""));

        events.ShouldHaveSingleItem().ShouldBeOfType<UserReplaced>().Changes.ShouldBe([AttributeChange.Of("displayName", "Ada", null)]);
    }

    [Fact]
    public void A_put_that_omits_active_leaves_a_leaver_out()
    {
        var leaver = Ada().After(Patch("""{"op":"replace","value":{"active":false}}"""));

        var events = leaver.When(Put("""{"userName":"ada@example.com","displayName":"Ada"}"""));

        events.ShouldHaveSingleItem().ShouldBeOfType<UserReplaced>().Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_put_with_active_true_is_a_reactivation()
    {
        var leaver = Ada().After(Put("""{"userName":"ada@example.com","displayName":"Ada","active":false}"""));

        leaver.When(Put("""{"userName":"ada@example.com","displayName":"Ada","active":true}"""))
            .ShouldHaveSingleItem().ShouldBeOfType<UserReactivated>().Changes.ShouldBe([AttributeChange.Of("active", false, true)]);
    }

    [Fact]
    public void A_rename_names_the_user_as_it_was_before()
    {
        var events = Ada().When(Put("""{"userName":"lovelace@example.com","displayName":"Ada","active":true}"""));

        var replaced = events.ShouldHaveSingleItem().ShouldBeOfType<UserReplaced>();
        replaced.Subject.Name.ShouldBe("ada@example.com");
        replaced.Changes.ShouldBe([AttributeChange.Of("userName", "ada@example.com", "lovelace@example.com")]);
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"id","value":"x"}""", "mutability")]
    [InlineData("""{"op":"remove","path":"userName"}""", "mutability")]
    [InlineData("""{"op":"replace","path":"nonsense","value":1}""", "invalidPath")]
    public void A_refused_patch_causes_no_event(string operation, string scimType) =>
        Ada().Refuses(Patch(operation)).ScimType.ShouldBe(scimType);

    [Fact]
    public void An_event_that_changed_nothing_leaves_version_and_time_of_the_resource()
    {
        var before = Ada();
        var after = before.After(Patch("""{"op":"replace","value":{"displayName":"Ada"}}"""));

        after.State!.Meta.ETag.ShouldBe(before.State!.Meta.ETag);
        after.State.Meta.LastModified.ShouldBe(before.State.Meta.LastModified);
        after.State.Meta.StreamVersion.ShouldBe(before.State.Meta.StreamVersion + 1);
    }

    [Fact]
    public void A_deleted_user_keeps_its_attributes_for_a_restoration()
    {
        var deleted = Ada().After(new DeleteUser(SentRequest.None)).State!;

        deleted.IsDeleted.ShouldBeTrue();
        deleted.UserName.ShouldBe("ada@example.com");
    }

    private static UserSpecification Ada() =>
        new(new UserCreated(new Subject("ada@example.com"), Json("""{"userName":"ada@example.com","displayName":"Ada","active":true}"""), null));

    private static PatchUser Patch(string operation) => new(
        PatchRequest.Parse(Json($$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operation}}]}""")), Sent);

    private static ReplaceUser Put(string attributes) => new(Json(attributes), Sent);

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}

using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Shouldly;
using Xunit;

namespace Directory.Tests.Users;

public sealed class UserRestorationTests
{
    private static readonly SentRequest Sent = new(new JsonObject { ["as"] = "sent" });

    private static readonly JsonObject Ada = Json("""{"userName":"ada","active":true,"title":"Countess"}""");

    [Fact]
    public void a_user_is_brought_back_by_the_changes_that_lead_there_active_included()
    {
        var events = Given(Deactivated(), Patched(AttributeChange.Of("title", "Countess", "Gone"))).When(new RestoreUser(Ada, 1, Sent));

        var restored = events.ShouldHaveSingleItem().ShouldBeOfType<UserRestored>();
        restored.FromVersion.ShouldBe(1);
        restored.Request.ShouldBe(Sent);
        restored.Changes.ShouldBe([AttributeChange.Of("active", false, true), AttributeChange.Of("title", "Gone", "Countess")], ignoreOrder: true);
    }

    [Fact]
    public void a_deleted_user_comes_back_even_if_nothing_else_changes()
    {
        var deleted = Given(new UserDeleted(new Subject("ada"), SentRequest.None));

        deleted.When(new RestoreUser(Ada, 1, Sent)).ShouldHaveSingleItem().ShouldBeOfType<UserRestored>().Changes.ShouldBeEmpty();
        deleted.After(new RestoreUser(Ada, 1, Sent)).State!.IsDeleted.ShouldBeFalse();
    }

    [Fact]
    public void restoring_twice_does_nothing_the_second_time() =>
        Given(Deactivated()).After(new RestoreUser(Ada, 1, Sent)).When(new RestoreUser(Ada, 1, Sent)).ShouldBeEmpty();

    [Fact]
    public void undoing_takes_back_what_still_stands_and_leaves_what_was_changed_since()
    {
        var command = new UndoUser([AttributeChange.Of("active", false, true), AttributeChange.Of("title", "Gone", "Countess")], false, 1, Sent);

        var events = Given(Deactivated(), Patched(AttributeChange.Of("title", "Countess", "Director"))).When(command);

        events.ShouldHaveSingleItem().ShouldBeOfType<UserRestored>().Changes.ShouldBe([AttributeChange.Of("active", false, true)]);
    }

    [Fact]
    public void undoing_twice_does_nothing_the_second_time()
    {
        var command = new UndoUser([AttributeChange.Of("active", false, true)], false, 1, Sent);

        Given(Deactivated()).After(command).When(command).ShouldBeEmpty();
    }

    [Fact]
    public void undoing_changes_leaves_a_deleted_user_deleted_unless_its_return_is_asked_for()
    {
        var deleted = Given(Deactivated(), new UserDeleted(new Subject("ada"), SentRequest.None));
        AttributeChange[] changes = [AttributeChange.Of("active", false, true)];

        deleted.When(new UndoUser(changes, false, 1, Sent)).ShouldBeEmpty();
        deleted.When(new UndoUser(changes, true, 1, Sent)).ShouldHaveSingleItem().ShouldBeOfType<UserRestored>().Changes.ShouldBe(changes);
    }

    [Fact]
    public void a_deleted_user_takes_no_other_command() =>
        Should.Throw<InvalidOperationException>(() => Given(new UserDeleted(new Subject("ada"), SentRequest.None)).When(new DeleteUser(Sent)));

    private static UserSpecification Given(params IUserEvent[] more) =>
        new([new UserCreated(new Subject("ada"), (JsonObject)Ada.DeepClone(), SentRequest.None), .. more]);

    private static UserDeactivated Deactivated() => new(new Subject("ada"), [AttributeChange.Of("active", true, false)], SentRequest.None);

    private static UserPatched Patched(params AttributeChange[] changes) => new(new Subject("ada"), changes, SentRequest.None);

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class ChangeRunsTests
{
    private static readonly ResourceType Type = ResourceTypes.User;

    [Fact]
    public void successive_changes_of_an_attribute_are_one_from_the_first_before_to_the_last_after() =>
        Net(Of("title", "A", "B"), Of("nickName", null, "N"), Of("title", "B", "C"))
            .ShouldBe([Of("title", "A", "C"), Of("nickName", null, "N")]);

    [Fact]
    public void what_is_again_as_it_was_is_no_change() =>
        Net(Of("title", "A", "B"), Of("title", "B", null), Of("title", null, "A")).ShouldBeEmpty();

    [Fact]
    public void elements_are_followed_each_for_itself()
    {
        var (work, newer, home) = (Mail("work", "a"), Mail("work", "b"), Mail("home", "c"));

        Net(Of("emails", work, newer), Of("emails", null, home), Of("emails", home, null), Of("emails", newer, null))
            .ShouldBe([Of("emails", work, null)]);
        Net(Of("emails", work, null), Of("emails", null, Mail("work", "a"))).ShouldBeEmpty();
    }

    [Fact]
    public void somebody_elses_change_ends_the_run_it_continues_and_no_other()
    {
        var runs = new ChangeRuns(Type);
        runs.Continue(Of("title", "A", "B"));
        runs.Continue(Of("emails", null, Mail("home", "c")));

        runs.End(Of("title", "B", "C"))!.Change.ShouldBe(Of("title", "A", "B"));
        runs.End(Of("emails", null, Mail("work", "d"))).ShouldBeNull();
        runs.End(Of("nickName", null, "N")).ShouldBeNull();
        runs.All.ShouldHaveSingleItem().Path.ShouldBe("emails");
    }

    [Fact]
    public void the_net_of_random_changes_leads_from_the_first_state_to_the_last_and_back()
    {
        var random = new RandomAttributes(RandomAttributes.NewSeed());
        for (var round = 0; round < 300; round++)
        {
            var states = Enumerable.Range(0, random.Random.Next(2, 7)).Select(_ => random.Resource(Type)).ToList();
            var changes = states.Zip(states.Skip(1)).SelectMany(pair => AttributeDiff.Between(Type, pair.First, pair.Second)).ToList();

            var net = ChangeRuns.NetOf(Type, changes);

            AttributeDiff.Between(Type, AttributeDiff.Apply(Type, states[0], net), states[^1]).ShouldBeEmpty();
            var back = Reversal.Apply(Type, states[^1], net.Reverse().Select(Reversal.Of));
            AttributeDiff.Between(Type, back, states[0]).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("""{"title":"B"}""", "title", "\"B\"", "\"A\"", true)]
    [InlineData("""{"title":"C"}""", "title", "\"B\"", "\"A\"", false)]
    [InlineData("""{}""", "title", "\"B\"", "\"A\"", false)]
    [InlineData("""{}""", "title", null, "\"A\"", true)]
    [InlineData("""{"title":"A"}""", "title", null, "\"A\"", false)]
    [InlineData("""{"title":"A"}""", "title", "\"A\"", null, true)]
    [InlineData("""{"emails":[{"value":"b"}]}""", "emails", """{"value":"b"}""", """{"value":"a"}""", true)]
    [InlineData("""{"emails":[{"value":"c"}]}""", "emails", """{"value":"b"}""", """{"value":"a"}""", false)]
    [InlineData("""{"emails":[{"value":"a"},{"value":"b"}]}""", "emails", """{"value":"b"}""", """{"value":"a"}""", false)]
    [InlineData("""{"emails":[{"value":"a"}]}""", "emails", null, """{"value":"a"}""", false)]
    [InlineData("""{"emails":[{"value":"b"}]}""", "emails", null, """{"value":"a"}""", true)]
    [InlineData("""{"name":{"givenName":"B"}}""", "name.givenName", "\"B\"", null, true)]
    public void a_change_fits_where_its_before_stands(string attributes, string path, string? before, string? after, bool fits) =>
        Reversal.Fits(Type, JsonNode.Parse(attributes)!.AsObject(), Of(path, Node(before), Node(after))).ShouldBe(fits);

    private static JsonNode? Node(string? json) => json is null ? null : JsonNode.Parse(json);

    private static IReadOnlyList<AttributeChange> Net(params AttributeChange[] changes) => ChangeRuns.NetOf(Type, changes);

    private static AttributeChange Of(string path, JsonNode? before, JsonNode? after) => AttributeChange.Of(path, before, after);

    private static JsonObject Mail(string type, string value) => new() { ["type"] = type, ["value"] = value };
}

using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class ResponseShapeTests
{
    private const string Core = ScimUrns.User;
    private const string Enterprise = ScimUrns.EnterpriseUser;

    private const string Ada = $$"""
        {"schemas":["{{Core}}","{{Enterprise}}"],"id":"1","externalId":"e","userName":"ada","name":{"familyName":"L","givenName":"A"},
         "emails":[{"value":"a@b.c","type":"work"},{"value":"d@e.f"}],"groups":[{"value":"g","display":"G"}],
         "{{Enterprise}}":{"department":"D","manager":{"value":"m","$ref":"../Users/m"} },"meta":{"resourceType":"User","version":"1"} }
        """;

    private const string Extension = $$""" "{{Enterprise}}":{"department":"D","manager":{"value":"m","$ref":"../Users/m"} } """;

    /// <summary>The attributes asked for; what comes beside id, and whether the extension is named in schemas.</summary>
    public static TheoryData<string, string, bool> Requested => new()
    {
        { "userName", """ "userName":"ada" """, false },
        { "USERNAME", """ "userName":"ada" """, false },
        { $"{Core}:userName", """ "userName":"ada" """, false },
        { " userName , externalId ", """ "externalId":"e","userName":"ada" """, false },
        { "name", """ "name":{"familyName":"L","givenName":"A"} """, false },
        { "name.givenName", """ "name":{"givenName":"A"} """, false },
        { "name.givenName,name.familyName", """ "name":{"familyName":"L","givenName":"A"} """, false },
        { "name,name.givenName", """ "name":{"familyName":"L","givenName":"A"} """, false },
        { "name.middleName", "", false },
        { "emails.type", """ "emails":[{"type":"work"}] """, false },
        { "meta.version", """ "meta":{"version":"1"} """, false },
        { "meta", """ "meta":{"resourceType":"User","version":"1"} """, false },
        { "password", "", false },
        { "shoeSize", "", false },
        { "department", "", false },
        { Enterprise, Extension, true },
        { Enterprise.ToUpperInvariant(), Extension, true },
        { $"{Enterprise}:department", $$""" "{{Enterprise}}":{"department":"D"} """, true },
        { $"{Enterprise}:manager.value", $$""" "{{Enterprise}}":{"manager":{"value":"m"} } """, true },
        { $"{Enterprise}:division", "", false },
        { "id", "", false },
        { "schemas", "", false },
        { Core, """ "userName":"ada","name":{"familyName":"L","givenName":"A"},"emails":[{"value":"a@b.c","type":"work"},{"value":"d@e.f"}],"groups":[{"value":"g","display":"G"}] """, false },
    };

    [Theory]
    [MemberData(nameof(Requested))]
    public void Attributes_asked_for_come_alone(string attributes, string rest, bool extension)
    {
        var shape = ResponseShape.Parse(ResourceTypes.User, attributes, null);
        shape.IsDefault.ShouldBeFalse();
        var schemas = extension ? $"\"{Core}\",\"{Enterprise}\"" : $"\"{Core}\"";
        shape.Apply(ResourceReaderTests.Parse(Ada)).ToJsonString()
            .ShouldBe(ResourceReaderTests.Parse($$"""{"schemas":[{{schemas}}],"id":"1"{{(rest.Length == 0 ? "" : ",")}}{{rest}}}""").ToJsonString());
    }

    /// <summary>What is excluded; the paths that are then gone.</summary>
    [Theory]
    [InlineData("groups", "groups")]
    [InlineData("Groups, shoeSize", "groups")]
    [InlineData("name.givenName", "name.givenName")]
    [InlineData("emails.type,emails.value", "emails")]
    [InlineData("meta", "meta")]
    [InlineData("id,schemas", "")]
    [InlineData("shoeSize", "")]
    [InlineData(Enterprise, Enterprise)]
    [InlineData(Enterprise + ":manager", Enterprise + "/manager")]
    [InlineData(Enterprise + ":manager.$ref", Enterprise + "/manager/$ref")]
    [InlineData(Enterprise + ":manager," + Enterprise + ":department", Enterprise)]
    public void Attributes_excluded_are_gone(string excluded, string gone)
    {
        var expected = ResourceReaderTests.Parse(Ada);
        Remove(expected, gone.StartsWith("urn", StringComparison.Ordinal) ? gone.Split('/') : gone.Split('.'));
        if (gone == Enterprise) expected["schemas"]!.AsArray().RemoveAt(1);
        ResponseShape.Parse(ResourceTypes.User, null, excluded).Apply(ResourceReaderTests.Parse(Ada)).ToJsonString()
            .ShouldBe(expected.ToJsonString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData(" , ,", null)]
    public void Without_names_the_resource_goes_out_as_it_is(string? attributes, string? excluded)
    {
        var resource = ResourceReaderTests.Parse(Ada);
        var shape = ResponseShape.Parse(ResourceTypes.User, attributes, excluded);
        shape.IsDefault.ShouldBeTrue();
        shape.Apply(resource).ShouldBeSameAs(resource);
    }

    [Fact]
    public void The_resource_that_is_shaped_stays_as_it_is()
    {
        var resource = ResourceReaderTests.Parse(Ada);
        var before = resource.ToJsonString();
        ResponseShape.Parse(ResourceTypes.User, "schemas,name", null).Apply(resource);
        resource.ToJsonString().ShouldBe(before);
    }

    [Fact]
    public void Both_lists_at_once_are_refused() =>
        Should.Throw<ScimException>(() => ResponseShape.Parse(ResourceTypes.User, "id", "name")).Error.ScimType.ShouldBe("invalidValue");

    [Fact]
    public void The_lists_of_a_search_request_mean_the_same() =>
        ResponseShape.Parse(ResourceTypes.User, ["userName", "name.givenName"], null).Apply(ResourceReaderTests.Parse(Ada)).ToJsonString()
            .ShouldBe(ResponseShape.Parse(ResourceTypes.User, "userName,name.givenName", null).Apply(ResourceReaderTests.Parse(Ada)).ToJsonString());

    [Theory]
    [InlineData(null, null, "members", true)]
    [InlineData(null, "members", "members", false)]
    [InlineData(null, "members.display", "members", true)]
    [InlineData(null, "members", "displayName", true)]
    [InlineData("displayName", null, "members", false)]
    [InlineData("members.value", null, "MEMBERS", true)]
    [InlineData(ScimUrns.Group + ":members", null, "members", true)]
    [InlineData(ScimUrns.Group, null, "members", true)]
    [InlineData(null, ScimUrns.Group, "members", false)]
    [InlineData("displayName", null, "id", true)]
    [InlineData(null, "id", "id", true)]
    [InlineData("meta.version", null, "meta", true)]
    [InlineData(null, null, "shoeSize", false)]
    public void What_is_not_part_of_the_response_need_not_be_loaded(string? attributes, string? excluded, string name, bool included) =>
        ResponseShape.Parse(ResourceTypes.Group, attributes, excluded).Includes(name).ShouldBe(included);

    private static readonly ResourceType Gadget = new("Gadget", "/Gadgets", "", new ResourceSchema("urn:x:Gadget", "Gadget", "",
    [
        new("always", AttributeType.String) { Returned = Returned.Always },
        new("default", AttributeType.String),
        new("request", AttributeType.String) { Returned = Returned.Request },
        new("never", AttributeType.String) { Returned = Returned.Never },
        new("box", AttributeType.Complex)
        {
            SubAttributes =
            [
                new("a", AttributeType.String) { Returned = Returned.Always },
                new("d", AttributeType.String),
                new("r", AttributeType.String) { Returned = Returned.Request },
                new("n", AttributeType.String) { Returned = Returned.Never },
            ],
        },
    ]), []);

    [Theory]
    [InlineData(null, null, "always default box.a box.d")]
    [InlineData("default", null, "always default")]
    [InlineData("request", null, "always request")]
    [InlineData("never", null, "always")]
    [InlineData("box", null, "always box.a box.d")]
    [InlineData("box.d", null, "always box.a box.d")]
    [InlineData("box.r", null, "always box.a box.r")]
    [InlineData("box,box.r", null, "always box.a box.d box.r")]
    [InlineData("box.n", null, "always")]
    [InlineData("urn:x:Gadget", null, "always default box.a box.d")]
    [InlineData(null, "always,box.a", "always default box.a box.d")]
    [InlineData(null, "default,box.d", "always box.a")]
    [InlineData(null, "box", "always default")]
    [InlineData(null, "request,never", "always default box.a box.d")]
    [InlineData(null, "urn:x:Gadget", "always")]
    public void The_schema_says_what_is_returned(string? attributes, string? excluded, string returned)
    {
        var resource = ResourceReaderTests.Parse("""
            {"schemas":["urn:x:Gadget"],"id":"1","always":"x","default":"x","request":"x","never":"x","box":{"a":"x","d":"x","r":"x","n":"x"}}
            """);
        var shape = ResponseShape.Parse(Gadget, attributes, excluded);
        shape.IsDefault.ShouldBeFalse();
        string.Join(' ', Paths(shape.Apply(resource))).ShouldBe("schemas id " + returned);
    }

    private static IEnumerable<string> Paths(JsonObject json) =>
        json.SelectMany(m => m.Value is JsonObject inner ? inner.Select(i => $"{m.Key}.{i.Key}") : [m.Key]);

    private static void Remove(JsonObject json, string[] path)
    {
        foreach (var name in path[..^1]) json = json[name]!.AsObject();
        json.Remove(path[^1]);
    }
}

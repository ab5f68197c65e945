using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

public sealed class ResourceReaderTests
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>What is sent beside schemas and userName; what is stored beside them.</summary>
    public static TheoryData<string, string, string> Accepted => new()
    {
        { "names in any case", """ "DISPLAYNAME":"A","Name":{"GIVENNAME":"B"} """, """ "name":{"givenName":"B"},"displayName":"A" """ },
        { "the order of the schema", """ "title":"T","name":{"givenName":"B","familyName":"C"} """, """ "name":{"familyName":"C","givenName":"B"},"title":"T" """ },
        { "externalId first", """ "title":"T","externalId":"e" """, """ "externalId":"e","title":"T" """ },
        { "null is unassigned", """ "title":null,"name":null,"emails":null """, "" },
        { "an empty string is unassigned", """ "title":"","name":{"givenName":""} """, "" },
        { "an empty list is unassigned", """ "emails":[],"roles":[{}],"ims":[null],"photos":[{"value":""}] """, "" },
        { "white space is a value", """ "title":" " """, """ "title":" " """ },
        { "a string boolean", """ "active":"False" """, """ "active":false """ },
        { "a string boolean in small letters", """ "active":"true" """, """ "active":true """ },
        { "an empty boolean", """ "active":"" """, "" },
        { "a single object for a list", """ "emails":{"type":"work","value":"a@b.c"} """, """ "emails":[{"value":"a@b.c","type":"work"}] """ },
        { "a single string for a list", """ "emails":"a@b.c" """, """ "emails":[{"value":"a@b.c"}] """ },
        { "strings for complex elements", """ "roles":["a","b"] """, """ "roles":[{"value":"a"},{"value":"b"}] """ },
        { "a list of one for a single object", """ "name":[{"givenName":"B"}] """, """ "name":{"givenName":"B"} """ },
        { "equal elements", """ "roles":["a",{"value":"a"},{"VALUE":"a"},"b"] """, """ "roles":[{"value":"a"},{"value":"b"}] """ },
        { "elements in the order sent", """ "roles":["b","a","c"] """, """ "roles":[{"value":"b"},{"value":"a"},{"value":"c"}] """ },
        { "one primary", """ "roles":[{"value":"a","primary":"True"},{"value":"b","primary":false}] """, """ "roles":[{"value":"a","primary":true},{"value":"b","primary":false}] """ },
        { "a type that is no canonical value", """ "emails":[{"value":"a@b.c","type":"holiday"}] """, """ "emails":[{"value":"a@b.c","type":"holiday"}] """ },
        { "a dotted key", """ "name.givenName":"B","name.familyName":"C" """, """ "name":{"familyName":"C","givenName":"B"} """ },
        { "a dotted key beside the object", """ "name":{"familyName":"C"},"NAME.GIVENNAME":"B" """, """ "name":{"familyName":"C","givenName":"B"} """ },
        { "a core key with its URI", $""" "{Core}:title":"T" """, """ "title":"T" """ },
        { "the core schema as an object", $$""" "{{Core}}":{"title":"T"} """, """ "title":"T" """ },
        { "readOnly attributes", """ "id":"1","meta":{"version":"x"},"groups":[{"value":"g"}],"GROUPS.value":"h" """, "" },
        { "a secret", """ "password":"t1meMa$heen" """, "" },
        { "unknown attributes", """ "shoeSize":5,"name":{"nick":"x"},"urn:x:y":{"a":1},"emails.value":"q","a.b.c":1,".":2 """, "" },
        { "a base64 value", """ "x509Certificates":[{"value":"MIIDQzCCAqw="}] """, """ "x509Certificates":[{"value":"MIIDQzCCAqw="}] """ },
        { "characters beyond the first plane", """ "title":"\ud83d\ude00" """, """ "title":"\ud83d\ude00" """ },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_body_is_brought_into_canonical_form(string what, string sent, string stored)
    {
        var result = ResourceReader.Read(ResourceTypes.User, Body(sent));
        // Compared as text: the order of names counts.
        result.ToJsonString().ShouldBe(Expected(stored).ToJsonString(), what);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Reading_what_was_read_changes_nothing(string what, string sent, string stored)
    {
        var once = ResourceReader.Read(ResourceTypes.User, Body(sent));
        ResourceReader.Read(ResourceTypes.User, once).ToJsonString().ShouldBe(Expected(stored).ToJsonString(), what);
    }

    public static TheoryData<string, string> ExtensionForms => new()
    {
        { $$""" "{{Enterprise}}":{"department":"D","employeeNumber":"1","manager":{"value":"m"} } """, """{"employeeNumber":"1","department":"D","manager":{"value":"m"}}""" },
        { $$""" "URN:IETF:params:scim:schemas:extension:ENTERPRISE:2.0:user":{"Department":"D"} """, """{"department":"D"}""" },
        { $$""" "{{Enterprise}}:department":"D","{{Enterprise}}:manager.value":"m" """, """{"department":"D","manager":{"value":"m"}}""" },
        { $$""" "{{Enterprise}}":{"department":"D"},"{{Enterprise}}:division":"V" """, """{"division":"V","department":"D"}""" },
        { $$""" "{{Enterprise}}":{"manager":"m"} """, """{"manager":{"value":"m"}}""" },
        { $$""" "{{Enterprise}}:manager":"m" """, """{"manager":{"value":"m"}}""" },
        { $$""" "{{Enterprise}}":{"manager":{"value":"m","displayName":"M","$ref":"../Users/m"} } """, """{"manager":{"value":"m","$ref":"../Users/m"}}""" },
    };

    [Theory]
    [MemberData(nameof(ExtensionForms))]
    public void An_extension_becomes_an_object_under_its_URI(string sent, string extension)
    {
        var result = ResourceReader.Read(ResourceTypes.User, Body(sent));
        result[Enterprise]!.ToJsonString().ShouldBe(extension);
        result["schemas"]!.ToJsonString().ShouldBe($"""["{Core}","{Enterprise}"]""");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"department":"","manager":{"displayName":"M"}}""")]
    public void An_extension_without_data_is_not_named_in_schemas(string sent)
    {
        var body = Body($"\"{Enterprise}\":{sent}");
        body["schemas"]!.AsArray().Add(Enterprise);
        ResourceReader.Read(ResourceTypes.User, body).ToJsonString().ShouldBe(Expected("").ToJsonString());
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { """ "USERNAME":"b" """, "invalidSyntax", "'USERNAME'" },
        { """ "title":"a","Title":"b" """, "invalidSyntax", "'Title'" },
        { """ "name":{"givenName":"a","GIVENNAME":"b"} """, "invalidSyntax", "'GIVENNAME'" },
        { """ "name":{"givenName":"a"},"name.givenName":"b" """, "invalidSyntax", "'name.givenName'" },
        { $$""" "title":"a","{{Core}}:title":"b" """, "invalidSyntax", "'title'" },
        { """ "title":5 """, "invalidValue", "'title'" },
        { """ "title":true """, "invalidValue", "'title'" },
        { """ "title":["a"] """, "invalidValue", "'title'" },
        { """ "title":{"value":"a"} """, "invalidValue", "'title'" },
        { """ "name":"Barbara" """, "invalidValue", "'name'" },
        { """ "name":[{},{}] """, "invalidValue", "'name'" },
        { """ "active":0 """, "invalidValue", "'active'" },
        { """ "active":"yes" """, "invalidValue", "'active'" },
        { """ "active":" true" """, "invalidValue", "'active'" },
        { """ "emails":[{"value":"a"},{"value":7}] """, "invalidValue", "'emails[1].value'" },
        { """ "emails":[[{"value":"a"}]] """, "invalidValue", "'emails[0]'" },
        { """ "emails":5 """, "invalidValue", "'emails'" },
        { """ "emails":[{"value":"a","primary":true},{"value":"b","primary":"TRUE"}] """, "invalidValue", "'emails'" },
        { """ "title":"a\u0000b" """, "invalidValue", "'title'" },
        { """ "title":"\ud800" """, "invalidValue", "'title'" },
        { """ "title":"\udc00\ud800" """, "invalidValue", "'title'" },
        { """ "a\u0000b":"x" """, "invalidValue", "name of an attribute" },
        { """ "a\ud800":"x" """, "invalidValue", "name of an attribute" },
        { """ "x509Certificates":[{"value":"not base64!"}] """, "invalidValue", "'x509Certificates[0].value'" },
        { $$""" "{{Enterprise}}":"x" """, "invalidValue", Enterprise },
        { $$""" "{{Enterprise}}":{"manager":{"value":{} } } """, "invalidValue", Enterprise + ":manager.value" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_body_that_the_schema_does_not_allow_is_refused_by_name(string sent, string scimType, string named)
    {
        var error = Should.Throw<ScimException>(() => ResourceReader.Read(ResourceTypes.User, Body(sent))).Error;
        error.Status.ShouldBe(400);
        error.ScimType.ShouldBe(scimType);
        error.Detail.ShouldContain(named);
    }

    [Theory]
    [InlineData("""{"userName":"a"}""", "invalidSyntax")]
    [InlineData("""{"userName":"a","schemas":null}""", "invalidSyntax")]
    [InlineData("""{"userName":"a","schemas":[]}""", "invalidValue")]
    [InlineData("""{"userName":"a","schemas":{}}""", "invalidValue")]
    [InlineData("""{"userName":"a","schemas":[5]}""", "invalidValue")]
    [InlineData("""{"userName":"a","schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]}""", "invalidValue")]
    [InlineData("""{"userName":"a","schemas":["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]}""", "invalidValue")]
    public void The_core_schema_must_be_named(string body, string scimType)
    {
        var error = Should.Throw<ScimException>(() => ResourceReader.Read(ResourceTypes.User, Parse(body))).Error;
        error.ScimType.ShouldBe(scimType);
        error.Detail.ShouldContain("'schemas'");
    }

    [Theory]
    [InlineData("""["URN:ietf:params:scim:schemas:core:2.0:user"]""")]
    [InlineData("""["http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/User","urn:ietf:params:scim:schemas:core:2.0:User"]""")]
    [InlineData("\"urn:ietf:params:scim:schemas:core:2.0:User\"")]
    public void Schemas_are_compared_without_case_and_unknown_ones_tolerated(string schemas) =>
        ResourceReader.Read(ResourceTypes.User, Parse($$"""{"SCHEMAS":{{schemas}},"userName":"ada"}""")).ToJsonString()
            .ShouldBe(Expected("").ToJsonString());

    [Theory]
    [InlineData("")]
    [InlineData(",\"userName\":null")]
    [InlineData(",\"userName\":\"\"")]
    public void A_required_attribute_must_have_a_value(string rest)
    {
        var body = Parse($$"""{"schemas":["{{Core}}"]{{rest}}}""");
        var error = Should.Throw<ScimException>(() => ResourceReader.Read(ResourceTypes.User, body)).Error;
        error.ShouldBe(ScimError.Required("userName"));
    }

    [Theory]
    [InlineData(" ada")]
    [InlineData("ada ")]
    [InlineData("ada\u00a0")]
    [InlineData("a\tda")]
    [InlineData("a\nda")]
    [InlineData("a\u200bda")]
    [InlineData("a\u202eda")]
    [InlineData("a\u2066da")]
    [InlineData("\ufeffada")]
    [InlineData("a\u00adda")]
    [InlineData("a\u2028da")]
    [InlineData("ad\u3164a")]
    public void A_unique_name_must_look_like_what_it_is(string name)
    {
        var user = Parse($$"""{"schemas":["{{Core}}"]}""");
        user["userName"] = name;
        Should.Throw<ScimException>(() => ResourceReader.Read(ResourceTypes.User, user)).Error.ScimType.ShouldBe("invalidValue");
        var group = Parse($$"""{"schemas":["{{ScimUrns.Group}}"]}""");
        group["displayName"] = name;
        Should.Throw<ScimException>(() => ResourceReader.Read(ResourceTypes.Group, group)).Error.Detail.ShouldContain("'displayName'");
    }

    [Theory]
    [InlineData("ada lovelace")]
    [InlineData("Ünïcödé@例え.jp")]
    [InlineData("Team \ud83d\ude00 \"quoted\" + \\ /")]
    public void A_unique_name_may_be_anything_that_is_seen(string name)
    {
        var group = Parse($$"""{"schemas":["{{ScimUrns.Group}}"]}""");
        group["displayName"] = name;
        ResourceReader.Read(ResourceTypes.Group, group)["displayName"]!.GetValue<string>().ShouldBe(name);
    }

    [Fact]
    public void The_report_names_what_was_left_out_and_no_value()
    {
        var report = new ReadReport();
        var body = Body($$""" "password":"t1me","ID":"1","Groups":[],"meta":null,"shoe":1,"name":{"nick":"x"},"urn:x":{},"{{Enterprise}}":{"manager":{"displayName":"M"},"Desk":1} """);
        body["schemas"]!.AsArray().Add("urn:unknown");
        ResourceReader.Read(ResourceTypes.User, body, report);
        report.SecretsSupplied.ShouldBe(["password"]);
        report.ReadOnly.ShouldBe(["id", "groups", "meta", Enterprise + ":manager.displayName"], ignoreOrder: true);
        report.Ignored.ShouldBe(["urn:unknown", "shoe", "name.nick", "urn:x", Enterprise + ":Desk"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void The_elements_of_an_attribute_are_bounded(int count, bool accepted)
    {
        var body = Parse($$"""{"schemas":["{{ScimUrns.Group}}"],"displayName":"g"}""");
        body["members"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => new JsonObject { ["value"] = $"{i}" })]);
        var read = () => ResourceReader.Read(ResourceTypes.Group, body, limits: new ReadLimits(Elements: 3));
        if (accepted) read()["members"]!.AsArray().Count.ShouldBe(count);
        else Should.Throw<ScimException>(() => read()).Error.Detail.ShouldContain("'members'");
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void The_length_of_a_string_is_bounded(int length, bool accepted)
    {
        var body = Body($"\"title\":\"{new string('x', length)}\"");
        var read = () => ResourceReader.Read(ResourceTypes.User, body, limits: new ReadLimits(TextLength: 5));
        if (accepted) read()["title"]!.GetValue<string>().Length.ShouldBe(length);
        else Should.Throw<ScimException>(() => read()).Error.Detail.ShouldContain("'title'");
    }

    [Fact]
    public void Arranging_brings_changed_attributes_into_canonical_form_and_leaves_the_given_ones_alone()
    {
        var changed = Parse($$"""
            {"meta":{"version":"2","resourceType":"User"},"title":"T","{{Enterprise}}":{"department":"D"},"emails":[{"type":"work","value":"a"},{}],
             "name":{},"roles":[],"userName":"ada","id":"1","schemas":["{{Core}}"]}
            """);
        var before = changed.ToJsonString();
        ResourceReader.Arrange(ResourceTypes.User, changed).ToJsonString().ShouldBe(Parse($$"""
            {"schemas":["{{Core}}","{{Enterprise}}"],"id":"1","userName":"ada","title":"T","emails":[{"value":"a","type":"work"}],
             "{{Enterprise}}":{"department":"D"},"meta":{"resourceType":"User","version":"2"} }
            """).ToJsonString());
        changed.ToJsonString().ShouldBe(before);
    }

    internal static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Body(string rest) =>
        Parse($$"""{"schemas":["{{Core}}"],"userName":"ada"{{(rest.Length == 0 ? "" : ",")}}{{rest}}}""");

    private static JsonObject Expected(string rest)
    {
        var given = Parse("{" + rest + "}");
        var result = new JsonObject { ["schemas"] = new JsonArray(Core) };
        if (given.Remove("externalId", out var externalId)) result["externalId"] = externalId;
        result["userName"] = "ada";
        foreach (var (name, value) in given.ToArray())
        {
            given.Remove(name);
            result[name] = value;
        }
        return result;
    }
}

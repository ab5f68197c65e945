using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim;

/// <summary>The entries that PATCH uses: single values and assignments.</summary>
public sealed class ResourceReaderValueTests
{
    private const string Manager = ScimUrns.EnterpriseUser + ":manager";

    [Theory]
    [InlineData("title", "\"T\"", "\"T\"")]
    [InlineData("title", "\"\"", "null")]
    [InlineData("title", "null", "null")]
    [InlineData("active", "\"False\"", "false")]
    [InlineData("name", """{"GivenName":"B","familyName":""}""", """{"givenName":"B"}""")]
    [InlineData("name", "{}", "null")]
    [InlineData("name.givenName", "\"B\"", "\"B\"")]
    [InlineData("emails", """{"value":"a"}""", """[{"value":"a"}]""")]
    [InlineData("emails", """[{"value":"a"},"a",{"value":"b","type":""}]""", """[{"value":"a"},{"value":"b"}]""")]
    [InlineData("emails", "[]", "null")]
    [InlineData("emails.type", "\"work\"", "\"work\"")]
    [InlineData("emails.primary", "\"true\"", "true")]
    [InlineData(Manager, "\"m\"", """{"value":"m"}""")]
    [InlineData(Manager, """[{"$ref":null,"value":"m"}]""", """{"value":"m"}""")]
    [InlineData(Manager + ".value", "\"m\"", "\"m\"")]
    public void A_value_is_brought_into_canonical_form(string path, string sent, string stored) =>
        Text(ResourceReader.ReadValue(Reference(path), JsonNode.Parse(sent))).ShouldBe(stored);

    [Theory]
    [InlineData("""{"type":"work","value":"a"}""", """{"value":"a","type":"work"}""")]
    [InlineData("\"a\"", """{"value":"a"}""")]
    [InlineData("{}", "null")]
    [InlineData("null", "null")]
    public void An_element_is_brought_into_canonical_form(string sent, string stored) =>
        Text(ResourceReader.ReadElement(Reference("emails"), JsonNode.Parse(sent))).ShouldBe(stored);

    [Theory]
    [InlineData("name.givenName", "{}")]
    [InlineData("emails.value", """["a"]""")]
    [InlineData("active", "[]")]
    [InlineData("name", "5")]
    public void A_value_of_another_shape_is_refused(string path, string sent) =>
        Should.Throw<ScimException>(() => ResourceReader.ReadValue(Reference(path), JsonNode.Parse(sent))).Error.ScimType.ShouldBe("invalidValue");

    /// <summary>A pathless value as sent; the assignments it means, one on a line.</summary>
    [Theory]
    [InlineData("""{"active":false}""", "active=false")]
    [InlineData("""{"id":"1","displayName":"D"}""", "displayName=\"D\"")]
    [InlineData("""{"title":null,"emails":[],"nickName":""}""", "title=null emails=null nickName=null")]
    [InlineData("""{"name":{"givenName":"","familyName":"C"}}""", "name.givenName=null name.familyName=\"C\"")]
    [InlineData("""{"name":null}""", "name=null")]
    [InlineData("""{"name":{}}""", "")]
    [InlineData("""{"name.givenName":"B","NAME.familyName":"C"}""", "name.givenName=\"B\" name.familyName=\"C\"")]
    [InlineData("""{"emails":{"value":"a"}}""", "emails=[{\"value\":\"a\"}]")]
    [InlineData("""{"emails.type":"work"}""", "emails.type=\"work\"")]
    [InlineData("""{"password":"x","groups":[],"schemas":["x"],"nothing":1}""", "")]
    [InlineData("""{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":"m"}""", Manager + "={\"value\":\"m\"}")]
    [InlineData("""{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m"},"department":null}}""",
        Manager + ".value=\"m\" " + ScimUrns.EnterpriseUser + ":department=null")]
    public void A_value_without_a_path_assigns_what_it_names(string sent, string assignments) =>
        Text(ResourceReader.Assignments(ResourceTypes.User, ResourceReaderTests.Parse(sent))).ShouldBe(assignments);

    [Fact]
    public void An_extension_given_as_null_clears_each_of_its_attributes() =>
        ResourceReader.Assignments(ResourceTypes.User, ResourceReaderTests.Parse($$"""{"{{ScimUrns.EnterpriseUser}}":null}"""))
            .Select(a => (a.Target.Attribute.Name, a.Value))
            .ShouldBe(CoreSchemas.EnterpriseUser.Attributes.Select(a => (a.Name, (JsonNode?)null)));

    [Theory]
    [InlineData("name", """{"givenName":"B","familyName":null}""", "name.givenName=\"B\" name.familyName=null")]
    [InlineData("emails", """{"type":"","value":"a"}""", "emails.type=null emails.value=\"a\"")]
    [InlineData("emails", "\"a\"", "emails.value=\"a\"")]
    [InlineData(Manager, """{"displayName":"M","value":"m"}""", Manager + ".value=\"m\"")]
    public void The_parts_of_a_complex_value_keep_what_is_unassigned(string path, string sent, string parts) =>
        Text(ResourceReader.Parts(Reference(path), JsonNode.Parse(sent)!)).ShouldBe(parts);

    private static readonly ResourceType Gadget = new("Gadget", "/Gadgets", "", new ResourceSchema("urn:x:Gadget", "Gadget", "",
    [
        new("text", AttributeType.String),
        new("whole", AttributeType.Integer),
        new("number", AttributeType.Decimal),
        new("time", AttributeType.DateTime),
        new("bytes", AttributeType.Binary),
        new("link", AttributeType.Reference),
        new("tags", AttributeType.String) { MultiValued = true },
        new("parts", AttributeType.Complex) { MultiValued = true, SubAttributes = [new("value", AttributeType.String), new("lot", AttributeType.Integer) { Required = true }] },
    ]), [new SchemaExtension(new ResourceSchema("urn:x:Needed", "Needed", "", [new("need", AttributeType.String)]), Required: true)]);

    [Theory]
    [InlineData("whole", "5", "5")]
    [InlineData("whole", "-0", "0")]
    [InlineData("whole", "5.0", "5")]
    [InlineData("whole", "5e2", "500")]
    [InlineData("whole", "9223372036854775807", "9223372036854775807")]
    [InlineData("number", "1.50", "1.5")]
    [InlineData("number", "1e3", "1000")]
    [InlineData("number", "100", "100")]
    [InlineData("number", "-0.000", "0")]
    [InlineData("time", "\"2008-01-23T04:56:22Z\"", "\"2008-01-23T04:56:22Z\"")]
    [InlineData("time", "\"2008-01-23T04:56:22.123456789\\u002b01:00\"", "\"2008-01-23T04:56:22.123456789\\u002B01:00\"")]
    [InlineData("time", "\"2024-02-29T23:59:59\"", "\"2024-02-29T23:59:59\"")]
    [InlineData("bytes", "\"-_8\"", "\"-_8\"")]
    [InlineData("bytes", "\"AAA=\"", "\"AAA=\"")]
    [InlineData("link", "\"../Users/1\"", "\"../Users/1\"")]
    [InlineData("tags", "\"a\"", "[\"a\"]")]
    [InlineData("tags", """["a","b","a","",null]""", """["a","b"]""")]
    public void A_simple_value_has_one_canonical_form(string name, string sent, string stored) =>
        Text(ResourceReader.ReadValue(AttributePathParser.Resolve(name, Gadget)!, JsonNode.Parse(sent))).ShouldBe(stored);

    [Theory]
    [InlineData("whole", "5.5")]
    [InlineData("whole", "9223372036854775808")]
    [InlineData("whole", "1e400")]
    [InlineData("whole", "\"5\"")]
    [InlineData("number", "1e400")]
    [InlineData("number", "\"NaN\"")]
    [InlineData("time", "\"2008-01-23\"")]
    [InlineData("time", "\"2008-01-23 04:56:22Z\"")]
    [InlineData("time", "\"2008-02-30T04:56:22Z\"")]
    [InlineData("time", "\"2023-02-29T04:56:22Z\"")]
    [InlineData("time", "\"2008-01-23T25:56:22Z\"")]
    [InlineData("time", "\"2008-01-23T04:56:22+25:00\"")]
    [InlineData("time", "\"2008-01-23T04:56:22Z\\n\"")]
    [InlineData("time", "\"0000-01-23T04:56:22Z\"")]
    [InlineData("time", "\"\\u0662008-01-23T04:56:22Z\"")]
    [InlineData("time", "1201064182")]
    [InlineData("bytes", "\"A\"")]
    [InlineData("link", "5")]
    [InlineData("tags", "[5]")]
    [InlineData("tags", "[[\"a\"]]")]
    [InlineData("text", "{}")]
    public void A_value_of_another_type_is_refused(string name, string sent)
    {
        var error = Should.Throw<ScimException>(() => ResourceReader.ReadValue(AttributePathParser.Resolve(name, Gadget)!, JsonNode.Parse(sent))).Error;
        error.ScimType.ShouldBe("invalidValue");
        error.Detail.ShouldContain(name);
    }

    [Theory]
    [InlineData("""{"schemas":["urn:x:Gadget"]}""", "urn:x:Needed")]
    [InlineData("""{"schemas":["urn:x:Gadget"],"urn:x:Needed":{"need":"y"},"parts":[{"value":"a"}]}""", "parts.lot")]
    public void A_required_extension_and_a_required_sub_attribute_are_asked_for(string body, string missing) =>
        Should.Throw<ScimException>(() => ResourceReader.Read(Gadget, ResourceReaderTests.Parse(body))).Error.ShouldBe(ScimError.Required(missing));

    private static AttributeReference Reference(string path) => AttributePathParser.Resolve(path, ResourceTypes.User)!;

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    private static string Text(IReadOnlyList<AttributeAssignment> assignments) =>
        string.Join(' ', assignments.Select(a => $"{a.Target}={Text(a.Value)}"));
}

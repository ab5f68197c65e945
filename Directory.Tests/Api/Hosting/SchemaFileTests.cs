using Directory.Api.Hosting;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Hosting;

public sealed class SchemaFileTests
{
    [Fact]
    public void a_bad_schema_file_is_refused_with_every_mistake_in_it()
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                [{ "id": "urn:example:a", "name": "A", "resourceType": "Person", "attributes": [ { "name": "1st" }, { "name": "x", "type": "text" } ] }]
                """);
            var message = Should.Throw<SettingException>(() => SchemaFile.Load(file)).Message;
            message.ShouldContain("Directory:SchemaFile");
            message.ShouldContain(file);
            message.ShouldContain("[0].resourceType");
            message.ShouldContain("[0].attributes[0].name");
            message.ShouldContain("[0].attributes[1].type");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void a_schema_file_that_is_not_there_is_named() =>
        Should.Throw<SettingException>(() => SchemaFile.Load("/nowhere/schemas.json")).Message.ShouldContain("/nowhere/schemas.json");

    [Fact]
    public void without_a_schema_file_the_built_in_schemas_serve() => SchemaFile.Load(null).User.ShouldBeSameAs(ResourceTypes.User);
}

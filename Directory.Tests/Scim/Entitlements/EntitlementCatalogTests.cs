using Directory.Domain.Scim.Entitlements;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Entitlements;

public sealed class EntitlementCatalogTests
{
    [Theory]
    [InlineData("[]", "object")]
    [InlineData("{}", "lacks 'roles' and 'entitlements'")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"rôles":[]}""", "not known")]
    [InlineData("""{"roles":[]}""", "roles must be a list")]
    [InlineData("""{"roles":[{"displayName":"A"}]}""", "roles[0] lacks 'id'")]
    [InlineData("""{"roles":[{"id":"a"}]}""", "roles[0] lacks 'displayName'")]
    [InlineData("""{"roles":[{"id":"a","displayName":"A","type":"x"}]}""", "roles[0].type")]
    [InlineData("""{"entitlements":[{"id":"a","displayName":"A"},{"id":"a","displayName":"B"}]}""", "entitlements[1].id is used twice")]
    public void a_bad_file_is_refused_with_the_place(string json, string problem) =>
        Should.Throw<SchemaFileException>(() => EntitlementCatalog.Load(json)).Message.ShouldContain(problem);

    [Fact]
    public void a_description_is_as_long_as_Okta_takes()
    {
        string File(int length) => $$"""{"roles":[{"id":"a","displayName":"A","description":"{{new string('d', length)}}"}]}""";
        EntitlementCatalog.Load(File(1000)).Roles.Count.ShouldBe(1);
        Should.Throw<SchemaFileException>(() => EntitlementCatalog.Load(File(1001))).Problems.Single().Place.ShouldBe("roles[0].description");
    }

    [Fact]
    public void only_what_there_is_has_a_resource_type() =>
        EntitlementCatalog.Load("""{"entitlements":[{"id":"a","displayName":"A"}]}""").ResourceTypes.ShouldBe([EntitlementSchemas.Entitlement]);
}

using Directory.Tests.Api;
using Directory.Tests.Imports;
using Shouldly;
using Xunit;

namespace Directory.Tests.Adoption;

/// <summary>What an administrator does with local users and groups, and leaves alone of managed ones.</summary>
public sealed class LocalResourceTests(KnownFixture directory) : IClassFixture<KnownFixture>
{
    [Fact]
    public async Task a_local_user_is_deactivated_reactivated_and_deleted_and_can_be_restored()
    {
        var id = await directory.LocalUser("local@example.com");
        var group = await directory.LocalGroup("Local", "local@example.com");

        (await directory.AsAdmin("POST", $"/users/{id}/deactivate")).Body!["active"]!.GetValue<bool>().ShouldBeFalse();
        (await directory.AsAdmin("POST", $"/users/{id}/deactivate")).Body!["changed"]!.GetValue<bool>().ShouldBeFalse();
        (await directory.Scim("GET", $"/Users/{id}")).Body!["active"]!.GetValue<bool>().ShouldBeFalse();
        (await directory.AsAdmin("POST", $"/users/{id}/reactivate")).Body!["active"]!.GetValue<bool>().ShouldBeTrue();
        (await directory.AsAdmin("DELETE", $"/users/{id}")).Status.ShouldBe(204);
        (await directory.Scim("GET", $"/Users/{id}")).Status.ShouldBe(404);
        (await directory.AsAdmin("DELETE", $"/users/{id}")).Status.ShouldBe(404);
        (await directory.AsAdmin("DELETE", $"/groups/{group}")).Status.ShouldBe(204);

        (await directory.Timeline("users", id)).ShouldBe(["Root create", "Root deactivate", "Root reactivate", "Root delete"]);
        (await directory.Timeline("groups", group)).ShouldBe(["Root create", "Root members.add", "Root delete"]);
        (await directory.Admin($"/users/{id}/restore", new System.Text.Json.Nodes.JsonObject())).Status.ShouldBe(200);
        (await directory.Scalar<long>("select count(*) from scim_user where id = $1 and managed_by is null", id)).ShouldBe(1);
        await Invariants.ShouldHold(directory);
    }

    [Fact]
    public async Task a_managed_user_or_group_is_left_to_its_connection()
    {
        var user = (await directory.Scim("POST", "/Users", Some.User("managed@example.com"))).Id;
        var group = (await directory.Scim("POST", "/Groups", Some.Group("Managed", user))).Id;
        var before = await directory.Events();

        foreach (var (method, path) in ((string, string)[])
            [("POST", $"/users/{user}/deactivate"), ("POST", $"/users/{user}/reactivate"), ("DELETE", $"/users/{user}"), ("DELETE", $"/groups/{group}")])
        {
            var refusal = await directory.AsAdmin(method, path);
            refusal.Status.ShouldBe(409, path);
            refusal.Header("Content-Type")!.ShouldStartWith("application/problem+json");
            ((string?)refusal.Body!["detail"])!.ShouldContain("managed by a SCIM connection");
        }

        (await directory.Events()).ShouldBe(before);
        (await directory.Scim("GET", $"/Users/{user}")).Body!["active"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("POST", "/users/{id}/deactivate")]
    [InlineData("DELETE", "/users/{id}")]
    [InlineData("DELETE", "/groups/{id}")]
    [InlineData("POST", "/users/{id}/release")]
    [InlineData("GET", "/adoptions")]
    [InlineData("GET", "/jobs")]
    [InlineData("GET", "/imports")]
    public async Task only_administrators_may(string method, string path)
    {
        path = "/api/admin" + path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal);
        (await directory.Send(method, path)).Status.ShouldBe(401);
        (await directory.Send(method, path, null, ("Authorization", $"Bearer {directory.ScimToken}"))).Status.ShouldBe(403);
        (await directory.Send(method, path, null, ("Authorization", $"Bearer {directory.AuditToken}"))).Status.ShouldBe(403);
        (await directory.Send(method, path, null, ("Authorization", $"Bearer {directory.AdminToken}"))).Status.ShouldBeOneOf(200, 404);
    }
}

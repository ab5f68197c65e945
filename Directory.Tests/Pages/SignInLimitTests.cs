using System.Net;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

/// <summary>Passwords are tried five times in a minute from one address, as the settings are without a word.</summary>
public sealed class SignInLimitTests(DirectoryFixture directory) : IClassFixture<DirectoryFixture>
{
    [Fact]
    public async Task The_sixth_attempt_of_a_minute_is_refused_whatever_the_password_and_only_for_this_address()
    {
        var visitor = From("192.0.2.7");
        for (var i = 0; i < 5; i++) (await visitor.SignIn($"somebody-{i}", "a wrong password")).Status.ShouldBe(401);

        var refused = await visitor.SignIn("admin", DirectoryFixture.AdminPassword);

        refused.Status.ShouldBe(429);
        refused.Text.ShouldContain("Too many attempts");
        refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(2, 60);
        (await From("192.0.2.7").SignIn("admin", DirectoryFixture.AdminPassword)).Status.ShouldBe(429, "a new browser at the same address");
        (await visitor.Get("/sign-in")).Status.ShouldBe(200, "looking at the form is no attempt");
        (await directory.Scim("GET", "/Users")).Status.ShouldBe(200);
        (await From("192.0.2.8").SignIn("admin", DirectoryFixture.AdminPassword)).Status.ShouldBe(302);
        (await directory.Scalar<long>("select count(*) from audit_entry where action = 'administrator.sign-in.refuse'")).ShouldBe(5);
    }

    private Visitor From(string address) =>
        new(directory.Host.Server.CreateHandler(context => context.Connection.RemoteIpAddress = IPAddress.Parse(address)));
}

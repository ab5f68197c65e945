using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class SessionTests(PagesFixture directory) : IClassFixture<PagesFixture>
{
    [Theory]
    [InlineData("last_seen_at = now() - interval '29 minutes'", 200)]
    [InlineData("last_seen_at = now() - interval '31 minutes'", 302)]
    [InlineData("created_at = now() - interval '7 hours 59 minutes'", 200)]
    [InlineData("created_at = now() - interval '8 hours 1 minute'", 302)]
    public async Task A_session_ends_after_eight_hours_or_half_an_hour_without_a_request(string change, int status)
    {
        var administrator = await directory.Administrator();
        await Newest(change);

        (await administrator.Get("/")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_request_keeps_a_session_alive()
    {
        var administrator = await directory.Administrator();
        await Newest("last_seen_at = now() - interval '20 minutes'");

        await administrator.Get("/");

        (await directory.Scalar<bool>("select max(last_seen_at) > now() - interval '1 minute' from web_session")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_is_good_on_every_node()
    {
        var administrator = await directory.Administrator();
        var node = await directory.StartNode();

        (await administrator.On(node.Server.CreateHandler()).Get("/")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Changing_the_password_ends_the_other_sessions_and_keeps_this_one()
    {
        var (here, elsewhere) = (await directory.Administrator(), await directory.Administrator());

        var answer = await here.Submit(
            "/account/password", "password", ("Input.Current", DirectoryFixture.AdminPassword), ("Input.Proposed", "four words in a row"),
            ("Input.Again", "four words in a row"));
        var back = await here.Submit(
            "/account/password", "password", ("Input.Current", "four words in a row"), ("Input.Proposed", DirectoryFixture.AdminPassword + "s"),
            ("Input.Again", DirectoryFixture.AdminPassword + "s"));

        answer.Location.ShouldBe("/?done=password");
        (await here.Get("/")).Status.ShouldBe(200);
        (await elsewhere.Get("/")).Status.ShouldBe(302);
        back.Status.ShouldBe(422, "the new password contains the account's name");
        var hash = new Microsoft.AspNetCore.Identity.PasswordHasher<string>().HashPassword("admin", DirectoryFixture.AdminPassword);
        await directory.Scalar<int>("with back as (update administrator set password_hash = $1) select 1", hash);
    }

    [Fact]
    public async Task Who_loses_a_role_loses_it_at_once()
    {
        var administrator = await directory.Administrator();
        (await administrator.Get("/administration/jobs")).Status.ShouldBe(200);

        await directory.Scalar<int>("with less as (update administrator set role = 'auditor') select 1");
        try
        {
            (await administrator.Get("/administration/jobs")).Status.ShouldBe(403);
        }
        finally
        {
            await directory.Scalar<int>("with more as (update administrator set role = 'admin') select 1");
        }
    }

    private Task<int> Newest(string change) => directory.Scalar<int>(
        $"with changed as (update web_session set {change} where hash = (select hash from web_session order by created_at desc limit 1)) select 1");
}

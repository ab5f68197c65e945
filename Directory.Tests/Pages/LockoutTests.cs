using Directory.Domain.Administrators;
using Directory.Tests.Api;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class LockoutTests(PagesFixture directory) : IClassFixture<PagesFixture>
{
    [Fact]
    public async Task After_five_failures_even_the_right_password_waits_and_the_lock_is_in_the_audit()
    {
        for (var i = 0; i < 5; i++) (await directory.Visitor().SignIn("admin", $"guess number {i}")).Status.ShouldBe(401);

        (await directory.Visitor().SignIn("admin", DirectoryFixture.AdminPassword)).Status.ShouldBe(401);
        (await directory.Column<string>("select sentence from audit_entry where action = 'administrator.lock-out'"))
            .ShouldBe(["Sign-in of admin was locked for a while after too many failures"]);

        await directory.Scalar<int>("with over as (update sign_in_attempt set locked_until = now() - interval '1 second') select 1");
        (await directory.Visitor().SignIn("admin", DirectoryFixture.AdminPassword)).Status.ShouldBe(302);
        (await directory.Scalar<long>("select count(*) from sign_in_attempt where key like 'account/%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(4, null)]
    [InlineData(5, 30)]
    [InlineData(6, 60)]
    [InlineData(9, 480)]
    [InlineData(10, 900)]
    [InlineData(5000, 900)]
    public void The_wait_doubles_up_to_a_quarter_of_an_hour(int failures, int? seconds) =>
        (Lockout.Wait(failures, Lockout.FreeOfAccount)?.TotalSeconds).ShouldBe((double?)seconds);

    [Theory]
    [InlineData("eleven char", "at least 12")]
    [InlineData("the same as before", "must differ")]
    [InlineData("I am the Admin here", "account's name")]
    [InlineData("aaaaaaaaaaaabbb", "too few")]
    [InlineData("four words in a row", null)]
    public void A_new_password_is_long_and_not_the_obvious(string proposed, string? refusal)
    {
        var answer = PasswordRules.Refusal("admin", "the same as before", proposed);

        if (refusal is null) answer.ShouldBeNull();
        else answer.ShouldNotBeNull().ShouldContain(refusal);
    }
}

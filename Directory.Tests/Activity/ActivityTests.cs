using Directory.Projections.Activity;
using Directory.Projections.Audit;
using Directory.Tests.Api;
using Directory.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Activity;

public sealed class ActivityTests(PagesFixture directory) : IClassFixture<PagesFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_entry_is_counted_once_whoever_counts_and_however_often()
    {
        await Provision();

        await Task.WhenAll(Count(), Count(), Count());
        await Count();
        await Provision();
        await Count();

        (await directory.Column<string>("select action || ' ' || sum(entries) || ' ' || sum(no_ops) from activity_hour group by action order by action"))
            .ShouldBe(await directory.Column<string>(
                "select action || ' ' || count(*) || ' ' || count(*) filter (where no_op) from audit_entry group by action order by action"));
    }

    [Fact]
    public async Task The_overview_says_how_many_users_are_active_and_what_happened_today()
    {
        await Provision();
        await Count();
        var users = await directory.Scalar<long>("select count(*) from scim_user");
        var inactive = await directory.Scalar<long>("select count(*) from scim_user where not active");

        var page = await (await directory.Administrator()).Get("/");

        inactive.ShouldBeGreaterThan(0);
        page.Text.ShouldContain($"<p class=\"stat-value\">{users - inactive}</p>");
        page.Text.ShouldContain($"<p class=\"stat-value\">{inactive}</p>");
        page.Text.ShouldContain("Provisioning per hour, last 48 hours: ");
    }

    private async Task Provision()
    {
        var id = (await directory.Scim("POST", "/Users", Some.User($"{Guid.NewGuid():N}@example.com"))).Id;
        await directory.Scim("POST", "/Users", Some.User($"{Guid.NewGuid():N}@example.com"));
        (await directory.Scim("PATCH", $"/Users/{id}", Some.Patch("replace", "active", false))).Status.ShouldBe(200);
        (await directory.Scim("PATCH", $"/Users/{id}", Some.Patch("replace", "active", false))).Status.ShouldBe(200);
    }

    private async Task Count()
    {
        var progress = await directory.Services.GetRequiredService<AuditWatch>().Advance(Cancellation);
        await directory.Services.GetRequiredService<ActivityCount>().Advance(progress.Through, Cancellation);
    }
}

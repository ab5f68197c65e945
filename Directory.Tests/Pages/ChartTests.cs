using Directory.Api.Pages.Home;
using Directory.Api.Pages.Parts;
using Directory.Projections.Activity;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(11, 20)]
    [InlineData(21, 50)]
    [InlineData(99, 100)]
    [InlineData(1_234_567, 2_000_000)]
    public void The_scale_ends_at_a_round_number(long most, long top) => ChartScale.Top(most).ShouldBe(top);

    [Fact]
    public void Every_day_has_its_column_and_what_is_no_provisioning_is_left_out()
    {
        var first = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
        ActivityRow[] rows =
        [
            new(first, "create", 3, 0), new(first, "restore", 1, 0), new(first.AddDays(2), "delete", 2, 0),
            new(first.AddDays(2), "administrator.sign-in", 9, 0), new(first.AddDays(3), "create", 5, 0), new(first.AddDays(-1), "create", 5, 0),
        ];

        var columns = ActivityFigures.Provisioning(rows, first, TimeSpan.FromDays(1), 3);

        columns.Select(c => c.Label).ShouldBe(["2026-11-24", "2026-11-25", "2026-11-26"]);
        columns.Select(c => string.Join(",", c.Values)).ShouldBe(["4,0,0,0", "0,0,0,0", "0,0,0,2"]);
    }
}

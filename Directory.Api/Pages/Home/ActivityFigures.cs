using System.Globalization;
using Directory.Api.Pages.Parts;
using Directory.Projections.Activity;

namespace Directory.Api.Pages.Home;

/// <summary>Puts counted activity into the columns of a chart: every hour or day of the time is there, an empty one too.</summary>
public static class ActivityFigures
{
    /// <summary>What the charts tell apart.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["Created", "Changed", "Members", "Deactivated or deleted"];

    public static readonly IReadOnlyList<string> RefusalKinds = ["Refused (4xx)", "Failed here (5xx)"];

    /// <param name="rows">In any order; what is no provisioning, such as a sign-in, is left out.</param>
    /// <param name="from">The beginning of the first column.</param>
    /// <param name="step">An hour or a day.</param>
    /// <param name="columns">How many.</param>
    public static IReadOnlyList<ChartColumn> Provisioning(IEnumerable<ActivityRow> rows, DateTimeOffset from, TimeSpan step, int columns) =>
        Columns(from, step, columns, Kinds.Count, rows.Select(r => (r.From, Kind(r.Action), r.Entries)));

    /// <summary>All events, sign-ins and settings included.</summary>
    public static IReadOnlyList<ChartColumn> All(IEnumerable<ActivityRow> rows, DateTimeOffset from, TimeSpan step, int columns) =>
        Columns(from, step, columns, 1, rows.Select(r => (r.From, (int?)0, r.Entries)));

    public static IReadOnlyList<ChartColumn> Refusals(IEnumerable<RefusalRow> rows, DateTimeOffset from, TimeSpan step, int columns) =>
        Columns(from, step, columns, RefusalKinds.Count, rows.Select(r => (r.From, (int?)(r.Status >= 500 ? 1 : 0), r.Requests)));

    private static int? Kind(string action) => action switch
    {
        "create" or "restore" => 0,
        "replace" or "patch" or "reactivate" or "adopt" => 1,
        "members.add" or "members.remove" => 2,
        "deactivate" or "delete" => 3,
        _ => null,
    };

    private static List<ChartColumn> Columns(
        DateTimeOffset from, TimeSpan step, int columns, int series, IEnumerable<(DateTimeOffset From, int? Series, long Count)> counts)
    {
        var values = Enumerable.Range(0, columns).Select(_ => new long[series]).ToArray();
        foreach (var (at, kind, count) in counts)
        {
            var column = (int)Math.Floor((at - from) / step);
            if (kind is { } index && column >= 0 && column < columns) values[column][index] += count;
        }

        var isDay = step >= TimeSpan.FromDays(1);
        return [.. values.Select((v, i) =>
        {
            var at = (from + i * step).UtcDateTime;
            return new ChartColumn(
                at.ToString(isDay ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                at.ToString(isDay ? "d MMM" : "HH:mm 'UTC'", CultureInfo.InvariantCulture), v);
        })];
    }
}

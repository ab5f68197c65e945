using System.Globalization;
using Directory.Projections.Replay;

namespace Directory.Api.Pages.Resources;

/// <summary>One bar of a drawing, in thousandths of its width.</summary>
/// <param name="Interval">What it stands for.</param>
public sealed record Bar(double X, double Width, MembershipInterval Interval);

/// <summary>A stretch of time drawn from left to right, a thousand units wide.</summary>
public sealed class TimeAxis(Period period)
{
    public const int Width = 1_000;

    private const double Least = 3; // what is short must still be seen

    private readonly double _length = Math.Max((period.To - period.From).Ticks, 1);

    public Period Period => period;

    public double At(DateTimeOffset instant) => Math.Clamp((instant - period.From).Ticks / _length, 0, 1) * Width;

    public IEnumerable<Bar> Bars(Membership membership)
    {
        foreach (var interval in membership.Intervals)
        {
            var (start, end) = (At(interval.From), At(interval.To ?? period.To));
            var width = Math.Max(end - start, Least);
            yield return new Bar(Math.Min(start, Width - width), width, interval);
        }
    }

    /// <summary>A number as SVG takes it.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

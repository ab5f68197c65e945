namespace Directory.Api.Pages.Parts;

/// <summary>What a chart shows beside one another: an hour, a day.</summary>
/// <param name="Label">In full, for the table and to those who hear it.</param>
/// <param name="Short">Below the bar.</param>
/// <param name="Values">One for each series of the chart.</param>
public sealed record ChartColumn(string Label, string Short, IReadOnlyList<long> Values)
{
    public long Sum => Values.Sum();
}

/// <summary>The vertical scale of a chart: from 0 to a round number.</summary>
public static class ChartScale
{
    /// <returns>The least of 4, 5, 10, 20, 50, 100, … that is not below the value: halves of it are whole numbers, or it is 5.</returns>
    public static long Top(long value)
    {
        if (value <= 4) return 4;
        long step = 5;
        while (step < value)
        {
            if (step * 2 >= value) return step * 2;
            if (step * 4 >= value) return step * 4;
            step *= 10;
        }

        return step;
    }
}

namespace Directory.Projections.Replay;

/// <summary>A stretch of time, the end excluded. Instants are whole microseconds, so one instant is a stretch too.</summary>
public readonly record struct Period(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond);

    /// <summary>The last instant that belongs to it.</summary>
    public DateTimeOffset Last => To - Microsecond;

    public static Period At(DateTimeOffset instant) => new(instant, instant + Microsecond);

    /// <summary>Everything after the first instant up to the second, that one included.</summary>
    public static Period After(DateTimeOffset first, DateTimeOffset last) => new(first + Microsecond, last + Microsecond);
}

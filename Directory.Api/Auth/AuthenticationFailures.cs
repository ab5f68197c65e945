namespace Directory.Api.Auth;

/// <summary>Notes in the log when many requests within a minute come without a valid token: somebody guesses, or a token has ended.</summary>
public sealed partial class AuthenticationFailures(TimeProvider clock, ILogger<AuthenticationFailures> logger)
{
    /// <summary>So many within a minute are told, and again whenever there are ten times as many.</summary>
    public const int Many = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _since = clock.GetTimestamp();
    private long _count, _told = Many;

    /// <param name="source">The address the request came from.</param>
    /// <param name="reason">The sentence it was refused with, which holds no token.</param>
    public void Note(string? source, string? reason)
    {
        long count;
        lock (_gate)
        {
            if (clock.GetElapsedTime(_since) >= Window) (_since, _count, _told) = (clock.GetTimestamp(), 0, Many);
            count = ++_count;
            if (count < _told) return;
            _told *= 10;
        }

        LogBurst(logger, count, source, reason);
    }

    [LoggerMessage(44, LogLevel.Warning, "{Count} requests within a minute had no valid token, the latest from {Source}: {Reason}")]
    private static partial void LogBurst(ILogger logger, long count, string? source, string? reason);
}

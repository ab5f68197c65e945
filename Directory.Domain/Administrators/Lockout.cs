namespace Directory.Domain.Administrators;

/// <summary>
/// How long sign-in waits after failures in a row: some are free, then the wait begins at 30 s and doubles up to a quarter of an hour,
/// so that guessing is hopeless and an owner is never shut out for long by somebody else's guesses.
/// </summary>
public static class Lockout
{
    /// <summary>Failures without a wait: of an account, and of an address, behind which many people may sit.</summary>
    public const int FreeOfAccount = 4, FreeOfAddress = 19;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(30), Longest = TimeSpan.FromMinutes(15);

    /// <param name="failures">In a row, this one included.</param>
    /// <param name="free">How many cost nothing.</param>
    /// <returns>Null for no wait.</returns>
    public static TimeSpan? Wait(int failures, int free)
    {
        var beyond = failures - free;
        if (beyond <= 0) return null;
        // 30 s · 2^5 is beyond the longest wait; a larger exponent would overflow.
        var wait = First * Math.Pow(2, Math.Min(beyond - 1, 5));
        return wait < Longest ? wait : Longest;
    }
}

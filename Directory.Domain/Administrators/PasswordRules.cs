namespace Directory.Domain.Administrators;

/// <summary>What a new password must be: long, and not the obvious. No rules about kinds of characters (NIST SP 800-63B §3.1.1.2).</summary>
public static class PasswordRules
{
    public const int Shortest = 12, Longest = 256;

    /// <returns>Why the password is refused, as a sentence; null if it is good.</returns>
    public static string? Refusal(string accountName, string current, string proposed) =>
        proposed.Length < Shortest ? $"The new password must have at least {Shortest} characters."
        : proposed.Length > Longest ? $"The new password must have at most {Longest} characters."
        : proposed == current ? "The new password must differ from the current one."
        : accountName.Length >= 3 && proposed.Contains(accountName, StringComparison.OrdinalIgnoreCase) ? "The new password must not contain the account's name."
        : proposed.Distinct().Count() < 5 ? "The new password repeats too few characters."
        : null;
}

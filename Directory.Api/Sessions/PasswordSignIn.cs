using System.Globalization;
using Directory.Api.Hosting;
using Directory.Api.Protocol;
using Directory.Domain.Administrators;
using Directory.Projections.Administrators;
using Directory.Projections.Streams;
using Microsoft.AspNetCore.Identity;

namespace Directory.Api.Sessions;

/// <summary>
/// Sign-in of local accounts. An unknown name costs as much time as a known one and gets the same answer; failures are counted per
/// account and per address, and both successes and refusals are events.
/// </summary>
public sealed class PasswordSignIn(AdministratorStream administrators, SignInAttempts attempts)
{
    public const int LongestName = 128;

    private const string Refused = "The name or the password is wrong, or too many attempts have failed and you must wait a little.";

    private readonly PasswordHasher<string> _hasher = new();
    private readonly Lazy<string> _nobodysHash = new(() => new PasswordHasher<string>().HashPassword("", Guid.NewGuid().ToString()));

    /// <returns>Null when the session has been started; else why not, as a sentence that tells nothing of which accounts there are.</returns>
    public async Task<string?> SignIn(HttpContext context, string name, string password)
    {
        var cancellation = context.RequestAborted;
        if (name.Length > LongestName || password.Length > PasswordRules.Longest) return Refused;
        var account = await administrators.Find(DirectorySettings.DefaultTenant, name, cancellation);
        var address = SignInAttempts.OfAddress(context.Connection.RemoteIpAddress?.ToString() ?? "");
        var key = account is null ? address : SignInAttempts.OfAccount(account.Id);
        var ofAddress = await attempts.Count(address, Lockout.FreeOfAddress, cancellation);
        if (ofAddress.RefusedUntil is { } refusedUntil) return Wait(refusedUntil);
        var ofAccount = account is null ? new CountedAttempt(null, null) : await attempts.Count(key, Lockout.FreeOfAccount, cancellation);

        // Hashed before anything is told, locked or not: time must not tell which names there are.
        var verified = _hasher.VerifyHashedPassword(account?.Name ?? "", account?.PasswordHash ?? _nobodysHash.Value, password);
        if (account is null || verified == PasswordVerificationResult.Failed || ofAccount.RefusedUntil is not null)
        {
            await RecordFailure(context, account, ofAccount, ofAddress);
            return Refused;
        }

        await attempts.Succeeded(key, address, cancellation);
        await administrators.Record(
            context.SignInOrigin(new Actor(Actor.Admin, account.Id.ToString(), account.Name)), [new AdministratorSignedIn(account.Id, account.Name, account.Role, "password")], cancellation);
        await context.StartSession(account.TenantId, account.Id, account.Id.ToString(), account.Name, account.Role);
        return null;
    }

    /// <returns>Null when the password is changed; else why not, as a sentence.</returns>
    public async Task<string?> ChangePassword(HttpContext context, string current, string proposed)
    {
        var cancellation = context.RequestAborted;
        var session = context.SignedIn() ?? throw new InvalidOperationException("Nobody is signed in.");
        var account = await administrators.Find(session.TenantId, session.Name, cancellation);
        if (account is null || account.Id != session.AccountId) return "Your password is kept by your OpenID provider; change it there.";
        var attempt = await attempts.Count(SignInAttempts.OfAccount(account.Id), Lockout.FreeOfAccount, cancellation);
        if (attempt.RefusedUntil is { } refusedUntil) return Wait(refusedUntil);
        if (current.Length > PasswordRules.Longest
            || _hasher.VerifyHashedPassword(account.Name, account.PasswordHash, current) == PasswordVerificationResult.Failed)
        {
            await RecordFailure(context, account, attempt, new CountedAttempt(null, null));
            return "The current password is wrong.";
        }

        await attempts.Succeeded(SignInAttempts.OfAccount(account.Id), "", cancellation);
        if (PasswordRules.Refusal(account.Name, current, proposed) is { } refusal) return refusal;
        await administrators.ChangePassword(
            context.Origin(), new AdministratorPasswordChanged(account.Id, account.Name), _hasher.HashPassword(account.Name, proposed),
            session.SessionHash, cancellation);
        return null;
    }

    private Task RecordFailure(HttpContext context, AdministratorAccount? account, CountedAttempt ofAccount, CountedAttempt ofAddress)
    {
        var reason = account is null ? "there is no such account" : ofAccount.RefusedUntil is not null ? "the account is locked" : "the password is wrong";
        var events = new List<object> { new AdministratorSignInFailed(account?.Id, account?.Name, reason) };
        if (ofAccount is { RefusedUntil: null, LockedUntil: { } until }) events.Add(new AdministratorLockedOut(account!.Id, account.Name, until));
        if (ofAddress.LockedUntil is { } addressUntil)
            events.Add(new AdministratorLockedOut(null, context.Connection.RemoteIpAddress?.ToString() ?? "", addressUntil));
        return administrators.Record(context.SignInOrigin(null), events, context.RequestAborted);
    }

    private static string Wait(DateTimeOffset until) =>
        $"Too many failed attempts. Try again after {until.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC.";
}

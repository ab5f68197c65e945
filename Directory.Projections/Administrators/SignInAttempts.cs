using Directory.Domain.Administrators;
using Directory.Projections.Replay;
using Npgsql;

namespace Directory.Projections.Administrators;

/// <summary>An attempt to sign in, as it was counted.</summary>
/// <param name="RefusedUntil">The attempt comes during a wait and must be refused unheard; null: go on.</param>
/// <param name="LockedUntil">Should this attempt fail, further ones are refused until then; null for no wait yet.</param>
public sealed record CountedAttempt(DateTimeOffset? RefusedUntil, DateTimeOffset? LockedUntil);

/// <summary>
/// Failed attempts in a row, per account and per address, on all nodes together. An attempt counts as failed until it has succeeded,
/// so that many at once gain nothing.
/// </summary>
public sealed class SignInAttempts(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    public static string OfAccount(Guid id) => $"account/{id}";

    public static string OfAddress(string address) => $"address/{address}";

    /// <param name="key">An account or an address.</param>
    /// <param name="free">How many failures cost nothing, see <see cref="Lockout"/>.</param>
    public async Task<CountedAttempt> Count(string key, int free, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var forget = new NpgsqlCommand("delete from sign_in_attempt where last_at < $1 and key <> $2", connection, transaction))
        {
            await forget.With(now - Forgotten).With(key).ExecuteNonQueryAsync(cancellation);
        }

        // The row is locked from here to the commit: attempts on one key take turns.
        await using var count = new NpgsqlCommand("""
            insert into sign_in_attempt as a (key, failures, last_at) values ($1, 1, $2)
            on conflict (key) do update set
                failures = case when a.last_at < $3 then 1 when a.locked_until > $2 then a.failures else a.failures + 1 end,
                last_at = case when a.locked_until > $2 then a.last_at else $2 end
            returning failures, locked_until
            """, connection, transaction);
        count.With(key).With(now).With(now - Forgotten);
        var (failures, locked) = (0, (DateTimeOffset?)null);
        await using (var row = await count.ExecuteReaderAsync(cancellation))
        {
            await row.ReadAsync(cancellation);
            (failures, locked) = (row.GetInt32(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));
        }

        if (locked > now) return new CountedAttempt(locked, locked);
        var until = now + Lockout.Wait(failures, free);
        if (until is not null)
        {
            await using var wait = new NpgsqlCommand("update sign_in_attempt set locked_until = $2 where key = $1", connection, transaction);
            await wait.With(key).With(until.Value).ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return new CountedAttempt(null, until);
    }

    /// <summary>The attempt succeeded: the account starts afresh, and the address has this one less.</summary>
    public async Task Succeeded(string account, string address, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            with account as (delete from sign_in_attempt where key = $1)
            update sign_in_attempt set failures = greatest(failures - 1, 0), locked_until = null where key = $2
            """);
        await command.With(account).With(address).ExecuteNonQueryAsync(cancellation);
    }
}

using System.Security.Cryptography;
using System.Text;
using Directory.Projections.Replay;
using Npgsql;

namespace Directory.Projections.Administrators;

/// <summary>
/// The sessions of the pages, in the database, so that every node knows them and one that ended is refused at once. A session lasts
/// eight hours, and half an hour without a request.
/// </summary>
public sealed class SessionStore(NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8), Idle = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan TouchedEvery = TimeSpan.FromMinutes(1);

    /// <returns>The secret for the cookie; the database has only its hash.</returns>
    public async Task<string> Start(
        string tenant, Guid? accountId, string subject, string name, string role, CancellationToken cancellation)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            with expired as (delete from web_session where last_seen_at < $8)
            insert into web_session (hash, tenant_id, account_id, subject, name, role, created_at, last_seen_at)
            values ($1, $2, $3, $4, $5, $6, $7, $7)
            """);
        command.With(Hash(secret)).With(tenant).With(accountId).With(subject).With(name).With(role).With(now).With(now - Idle);
        await command.ExecuteNonQueryAsync(cancellation);
        return secret;
    }

    /// <returns>Null for a session that is unknown, has ended or has expired.</returns>
    public async Task<SessionIdentity?> Find(string secret, CancellationToken cancellation)
    {
        var (hash, now) = (Hash(secret), clock.GetUtcNow());
        await using var command = database.CreateCommand("""
            select s.tenant_id, s.account_id, s.subject, coalesce(a.name, s.name), coalesce(a.role, s.role),
                   coalesce(a.must_change_password, false), s.last_seen_at
            from web_session s left join administrator a on a.id = s.account_id
            where s.hash = $1 and s.created_at > $2 and s.last_seen_at > $3 and (s.account_id is null or a.id is not null)
            """);
        command.With(hash).With(now - Longest).With(now - Idle);
        SessionIdentity identity;
        DateTimeOffset seen;
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            if (!await row.ReadAsync(cancellation)) return null;
            identity = new SessionIdentity(
                hash, row.GetString(0), row.IsDBNull(1) ? null : row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.GetBoolean(5));
            seen = row.GetFieldValue<DateTimeOffset>(6);
        }

        if (now - seen > TouchedEvery) await Touch(hash, now, cancellation);
        return identity;
    }

    /// <summary>Whether a session is still there; asked while something long is handed out.</summary>
    public async Task<bool> IsOpen(byte[] sessionHash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select exists (select from web_session where hash = $1 and created_at > $2)");
        return (bool)(await command.With(sessionHash).With(clock.GetUtcNow() - Longest).ExecuteScalarAsync(cancellation))!;
    }

    public async Task End(byte[] sessionHash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from web_session where hash = $1");
        await command.With(sessionHash).ExecuteNonQueryAsync(cancellation);
    }

    // Not at every request: a page with its parts would write many times in a second.
    private async Task Touch(byte[] hash, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update web_session set last_seen_at = $2 where hash = $1 and last_seen_at < $2");
        await command.With(hash).With(now).ExecuteNonQueryAsync(cancellation);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

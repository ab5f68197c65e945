using System.Collections.Concurrent;
using Directory.Domain.Provisioning;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// Who a token stands for. An answer is kept for two seconds, so that a stream of requests costs no query each, and a revoked token
/// is refused on every node within that time.
/// </summary>
public sealed class TokenStore(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, (TokenIdentity? Identity, DateTimeOffset At)> _answers = new(StringComparer.Ordinal);

    /// <returns>Null for a token that is unknown, expired or revoked.</returns>
    public async Task<TokenIdentity?> Find(string token, CancellationToken cancellation)
    {
        if (!BearerToken.CanBeValid(token)) return null;
        var hash = BearerToken.Hash(token);
        var key = Convert.ToHexString(hash);
        var now = clock.GetUtcNow();
        if (!_answers.TryGetValue(key, out var answer) || now - answer.At > Kept)
        {
            if (_answers.Count > MostKept) _answers.Clear();
            answer = (await Load(hash, cancellation), now);
            _answers[key] = answer;
        }

        return answer.Identity is { } identity && !(identity.ExpiresAt <= now) ? identity : null;
    }

    /// <summary>Whether a token is still good, as the database has it now.</summary>
    public async Task<bool> IsValid(Guid tokenId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select exists (select from credential where id = $1 and revoked_at is null and (expires_at is null or expires_at > $2))");
        command.Parameters.Add(new NpgsqlParameter { Value = tokenId, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = clock.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<TokenIdentity?> Load(byte[] hash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select id, tenant_id, role, connection_id, name, prefix, expires_at from credential where hash = $1 and revoked_at is null
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = hash, NpgsqlDbType = NpgsqlDbType.Bytea });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        return new TokenIdentity(
            row.GetGuid(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.GetString(4),
            row.GetString(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6));
    }
}

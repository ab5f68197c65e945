using System.Buffers.Binary;
using System.Collections.Concurrent;
using Directory.Domain.Provisioning;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// Who a token stands for, and whether SCIM answers its holder. An answer is kept for two seconds, so that a stream of requests costs
/// no query each, and what an administrator changes holds on every node within that time; as a rule at once, because the database
/// tells every node to <see cref="Forget"/>.
/// </summary>
public sealed class TokenStore(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<TokenKey, (TokenIdentity? Identity, DateTimeOffset At)> _answers = [];
    private int _age;

    public ValueTask<TokenAnswer> Find(string token, CancellationToken cancellation)
    {
        if (!BearerToken.CanBeValid(token)) return new(new TokenAnswer(null, TokenRefusal.Unknown));
        Span<byte> hash = stackalloc byte[BearerToken.HashLength];
        BearerToken.Hash(token, hash);
        var (key, now) = (TokenKey.Of(hash), clock.GetUtcNow());
        return _answers.TryGetValue(key, out var answer) && now - answer.At <= Kept
            ? new(Answer(answer.Identity, now))
            : new(Load(key, hash.ToArray(), now, cancellation));
    }

    /// <summary>Makes every token be looked up again.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _age); // before the clearing: what is being looked up meanwhile may be out of date
        _answers.Clear();
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

    private static TokenAnswer Answer(TokenIdentity? identity, DateTimeOffset now) =>
        new(identity, identity?.Refusal(now) ?? TokenRefusal.Unknown);

    private async Task<TokenAnswer> Load(TokenKey key, byte[] hash, DateTimeOffset now, CancellationToken cancellation)
    {
        var age = Volatile.Read(ref _age);
        var identity = await Read(hash, cancellation);
        if (_answers.Count > MostKept) _answers.Clear();
        if (age == Volatile.Read(ref _age)) _answers[key] = (identity, now);
        return Answer(identity, now);
    }

    private async Task<TokenIdentity?> Read(byte[] hash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select c.id, c.tenant_id, c.role, c.connection_id, coalesce(n.name, c.name), c.prefix, c.not_before, c.expires_at, c.revoked_at,
                coalesce(p.is_on, false), p.pause_reason, n.pause_reason
            from credential c
            left join provisioning p on p.tenant_id = c.tenant_id
            left join connection n on n.tenant_id = c.tenant_id and n.id = c.connection_id
            where c.hash = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = hash, NpgsqlDbType = NpgsqlDbType.Bytea });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        var gate = new ScimGate(row.GetBoolean(9), Text(row, 10), Text(row, 11));
        return new TokenIdentity(
            row.GetGuid(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.GetString(4), row.GetString(5),
            Time(row, 6), Time(row, 7), Time(row, 8), gate.IsOpen ? ScimGate.Open : gate);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    /// <summary>A hash as a key that costs no allocation.</summary>
    private readonly record struct TokenKey(UInt128 First, UInt128 Second)
    {
        public static TokenKey Of(ReadOnlySpan<byte> hash) =>
            new(BinaryPrimitives.ReadUInt128LittleEndian(hash), BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));
    }
}

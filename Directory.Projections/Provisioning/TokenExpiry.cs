using Directory.Domain.Provisioning;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>Which tokens will end, in all directories, and which of them were warned of today.</summary>
public sealed class TokenExpiry(NpgsqlDataSource database)
{
    /// <summary>Tokens that are not revoked and end some day; those that ended more than a month ago are left out.</summary>
    public async Task<IReadOnlyList<TokenStatus>> Read(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select id, role, connection_id, name, prefix, created_at, not_before, expires_at from credential
            where revoked_at is null and expires_at > now() - interval '30 days' order by expires_at, id
            """);
        var tokens = new List<TokenStatus>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            tokens.Add(new TokenStatus(
                row.GetGuid(0), TokenRole.KindOf(row.GetString(1)), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
                row.GetFieldValue<DateTimeOffset>(7), null, null, null));
        return tokens;
    }

    /// <returns>True for one caller a day, whatever the number of nodes.</returns>
    public async Task<bool> ClaimWarning(Guid token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update credential set warned_on = (now() at time zone 'UTC')::date
            where id = $1 and warned_on is distinct from (now() at time zone 'UTC')::date
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = token, NpgsqlDbType = NpgsqlDbType.Uuid });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}

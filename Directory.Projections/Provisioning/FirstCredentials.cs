using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>A token with the id it is to have.</summary>
public sealed record FirstToken(Guid Id, string Value);

/// <summary>The local administrator's account.</summary>
/// <param name="MustChangePassword">Whether the password was given out and must be replaced at the first sign-in.</param>
public sealed record FirstAdministrator(Guid Id, string PasswordHash, bool MustChangePassword);

/// <summary>What is to be made at a start; null for what is not.</summary>
/// <param name="ConnectionId">The id of the SCIM connection, if one has to be made for the token.</param>
/// <param name="Reason">Why provisioning is switched on together with the SCIM token.</param>
public sealed record FirstCredentials(
    Guid ConnectionId, FirstToken? Scim, string Reason, FirstToken? Audit, FirstToken? Admin, FirstAdministrator? Administrator);

/// <summary>Tokens of one role.</summary>
/// <param name="Ever">Whether there ever was one.</param>
/// <param name="Valid">Whether there is one that is neither revoked nor expired.</param>
public readonly record struct ExistingTokens(bool Ever, bool Valid);

/// <summary>Which kinds of credential a directory has.</summary>
public sealed record ExistingCredentials(ExistingTokens Scim, ExistingTokens Audit, ExistingTokens Admin, bool Administrator)
{
    internal static async Task<ExistingCredentials> Find(WriteTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select role, bool_or(revoked_at is null and (expires_at is null or expires_at > now())) from credential where tenant_id = $1 group by role
            union all
            select 'administrator', true from administrator where tenant_id = $1
            """, transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = transaction.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) found[row.GetString(0)] = row.GetBoolean(1);
        return new ExistingCredentials(
            Of(TokenIdentity.Provisioner), Of(TokenIdentity.Auditor), Of(TokenIdentity.Admin), found.ContainsKey("administrator"));

        ExistingTokens Of(string role) => new(found.ContainsKey(role), found.GetValueOrDefault(role));
    }
}

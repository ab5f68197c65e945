using Directory.Domain.Provisioning;
using Directory.Projections.Streams;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>The rows of credentials: hashes, apart from the events, which know tokens and accounts by id and name only.</summary>
internal static class CredentialRows
{
    public static SqlOperation StoreToken(string tenant, TokenIssued issued, byte[] hash) => new("""
        insert into credential (id, tenant_id, role, connection_id, name, prefix, hash, created_at, not_before, expires_at)
        values (^, ^, ^, ^, ^, ^, ^, now(), ^, ^)
        """,
        (issued.TokenId, NpgsqlDbType.Uuid), (tenant, NpgsqlDbType.Text), (issued.Role, NpgsqlDbType.Text),
        (issued.ConnectionId, NpgsqlDbType.Uuid), (issued.Name, NpgsqlDbType.Text), (issued.Prefix, NpgsqlDbType.Text),
        (hash, NpgsqlDbType.Bytea), (issued.NotBefore?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
        (issued.ExpiresAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz));

    public static SqlOperation Revoke(string tenant, Guid tokenId) => new(
        "update credential set revoked_at = now() where tenant_id = ^ and id = ^ and revoked_at is null",
        (tenant, NpgsqlDbType.Text), (tokenId, NpgsqlDbType.Uuid));

    public static SqlOperation StoreAdministrator(string tenant, AdministratorCreated created, string passwordHash, bool mustChange) => new("""
        insert into administrator (id, tenant_id, name, password_hash, must_change_password, created_at) values (^, ^, ^, ^, ^, now())
        """,
        (created.AccountId, NpgsqlDbType.Uuid), (tenant, NpgsqlDbType.Text), (created.Name, NpgsqlDbType.Text),
        (passwordHash, NpgsqlDbType.Text), (mustChange, NpgsqlDbType.Boolean));
}

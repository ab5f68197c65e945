using System.Security.Cryptography;
using System.Text;
using Directory.Domain.Provisioning;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>What is to be there after the first start, each only if there is none of its kind.</summary>
/// <param name="ConnectionId">The id of the first SCIM connection, if one is to be made.</param>
/// <param name="ScimToken">A SCIM token, null to make none.</param>
/// <param name="AuditToken">An auditor's token, null to make none.</param>
/// <param name="AdminPasswordHash">The hash of the administrator's password, null to make no account.</param>
/// <param name="MustChangePassword">Whether the password was given out and must be replaced at the first sign-in.</param>
public sealed record FirstCredentials(
    Guid ConnectionId, Guid ScimTokenId, string? ScimToken, Guid AuditTokenId, string? AuditToken, Guid AdminId, string? AdminPasswordHash,
    bool MustChangePassword);

/// <summary>Which kinds of credential a directory has already.</summary>
public sealed record ExistingCredentials(bool Scim, bool Audit, bool Administrator)
{
    public bool Complete => Scim && Audit && Administrator;
}

/// <summary>The write side of provisioning: one stream for each directory, and the credentials beside it in the same transaction.</summary>
public sealed class ProvisioningStream(DirectoryWriter writer, TimeProvider clock)
{
    public const string AdministratorName = "admin", ConnectionName = "Okta";

    /// <summary>The id of a directory's provisioning stream: derived from its name, so that every node finds the same.</summary>
    public static Guid StreamId(string tenant) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("provisioning/" + tenant)).AsSpan(0, 16), bigEndian: true);

    /// <summary>Makes what is missing; safe when several nodes do it at once.</summary>
    /// <returns>What there was before.</returns>
    public Task<ExistingCredentials> Bootstrap(
        Origin origin, Func<ExistingCredentials, FirstCredentials> first, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            await using (var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", transaction.Connection))
            {
                turn.Parameters.Add(new NpgsqlParameter { Value = "bootstrap/" + origin.TenantId, NpgsqlDbType = NpgsqlDbType.Text });
                await turn.ExecuteNonQueryAsync(cancellation);
            }

            var existing = await Existing(transaction, cancellation);
            if (existing.Complete) return existing;
            var events = Add(transaction, existing, first(existing));
            if (events.Count == 0) return existing;
            transaction.Session.Events.Append(StreamId(origin.TenantId), await Version(transaction, cancellation) + events.Count, events);
            await transaction.Commit(cancellation);
            return existing;
        }, cancellation);

    /// <summary>Issues a token to whoever is to act in a role.</summary>
    public Task Issue(Origin origin, TokenIssued issued, string token, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            transaction.Session.QueueOperation(
                CredentialRows.StoreToken(transaction.Tenant, issued, BearerToken.Hash(token), clock.GetUtcNow()));
            transaction.Session.Events.Append(StreamId(origin.TenantId), await Version(transaction, cancellation) + 1, issued);
            await transaction.Commit(cancellation);
            return issued;
        }, cancellation);

    private List<object> Add(WriteTransaction transaction, ExistingCredentials existing, FirstCredentials first)
    {
        var events = new List<object>();
        var now = clock.GetUtcNow();
        if (!existing.Administrator && first.AdminPasswordHash is { } password)
        {
            var created = new AdministratorCreated(first.AdminId, AdministratorName);
            transaction.Session.QueueOperation(
                CredentialRows.StoreAdministrator(transaction.Tenant, created, password, first.MustChangePassword, now));
            events.Add(created);
        }

        if (!existing.Scim && first.ScimToken is { } scim)
        {
            events.Add(new ConnectionCreated(first.ConnectionId, ConnectionName));
            events.Add(Issue(first.ScimTokenId, TokenIdentity.Provisioner, first.ConnectionId, ConnectionName, scim));
            events.Add(new ProvisioningEnabled("on the first start, together with the first SCIM token"));
        }

        if (!existing.Audit && first.AuditToken is { } audit)
            events.Add(Issue(first.AuditTokenId, TokenIdentity.Auditor, null, "Auditor", audit));
        return events;

        TokenIssued Issue(Guid id, string role, Guid? connection, string name, string token)
        {
            var issued = new TokenIssued(id, role, connection, name, BearerToken.Prefix(token), null);
            transaction.Session.QueueOperation(CredentialRows.StoreToken(transaction.Tenant, issued, BearerToken.Hash(token), now));
            return issued;
        }
    }

    private static async Task<ExistingCredentials> Existing(WriteTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select exists (select from credential where tenant_id = $1 and role = 'provisioner' and revoked_at is null),
                   exists (select from credential where tenant_id = $1 and role = 'auditor' and revoked_at is null),
                   exists (select from administrator where tenant_id = $1)
            """, transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = transaction.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new ExistingCredentials(row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2));
    }

    private static async Task<long> Version(WriteTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select version from mt_streams where tenant_id = $1 and id = $2", transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = transaction.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = StreamId(transaction.Tenant), NpgsqlDbType = NpgsqlDbType.Uuid });
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }
}

using System.Security.Cryptography;
using System.Text;
using Directory.Domain.Administrators;
using Directory.Projections.Replay;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Administrators;

/// <summary>
/// What the administrators of a directory did with their accounts: one stream for each directory, apart from provisioning's, so that
/// guesses at a password hold up nobody who changes a setting.
/// </summary>
public sealed class AdministratorStream(DirectoryWriter writer, NpgsqlDataSource database)
{
    /// <summary>The id of the stream: derived from the directory's name, so that every node finds the same.</summary>
    public static Guid StreamId(string tenant) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("administrators/" + tenant)).AsSpan(0, 16), bigEndian: true);

    /// <returns>Null if there is no such account; names are compared without regard to case.</returns>
    public async Task<AdministratorAccount?> Find(string tenant, string name, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select id, tenant_id, name, role, password_hash, must_change_password from administrator
            where tenant_id = $1 and lower(name) = lower($2)
            """);
        await using var row = await command.With(tenant).With(name).ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new AdministratorAccount(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetBoolean(5))
            : null;
    }

    /// <summary>Records a sign-in or its refusal.</summary>
    public Task Record(Origin origin, IReadOnlyList<object> events, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            await Append(transaction, events, cancellation);
            return events;
        }, cancellation);

    /// <summary>Replaces a password and ends the other sessions of the account.</summary>
    /// <param name="origin">The account's owner.</param>
    /// <param name="changed">Whose password.</param>
    /// <param name="passwordHash">The hash of the new one.</param>
    /// <param name="kept">The hash of the session that goes on.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public Task ChangePassword(
        Origin origin, AdministratorPasswordChanged changed, string passwordHash, byte[] kept, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            transaction.Session.QueueOperation(new SqlOperation(
                "update administrator set password_hash = ^, must_change_password = false where id = ^",
                (passwordHash, NpgsqlDbType.Text), (changed.AccountId, NpgsqlDbType.Uuid)));
            transaction.Session.QueueOperation(new SqlOperation(
                "delete from web_session where account_id = ^ and hash <> ^", (changed.AccountId, NpgsqlDbType.Uuid), (kept, NpgsqlDbType.Bytea)));
            await Append(transaction, [changed], cancellation);
            return changed;
        }, cancellation);

    private static async Task Append(WriteTransaction transaction, IReadOnlyList<object> events, CancellationToken cancellation)
    {
        var id = StreamId(transaction.Tenant);
        // Attempts come at once; whoever waits here loses no race and need not decide again.
        await using (var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", transaction.Connection))
            await turn.With($"administrators/{transaction.Tenant}").ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand("select version from mt_streams where tenant_id = $1 and id = $2", transaction.Connection);
        var version = await command.With(transaction.Tenant).With(id).ExecuteScalarAsync(cancellation) as long? ?? 0;
        transaction.Session.Events.Append(id, version + events.Count, events);
        await transaction.Commit(cancellation);
    }
}

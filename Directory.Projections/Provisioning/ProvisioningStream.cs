using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>The write side of provisioning: one stream for each directory, and the credentials beside it in the same transaction.</summary>
public sealed class ProvisioningStream(DirectoryWriter writer, TokenStore tokens)
{
    public const string AdministratorName = "admin", ConnectionName = "Okta";

    /// <summary>The id of a directory's provisioning stream.</summary>
    public static Guid StreamId(string tenant) => ProvisioningWrite.StreamId(tenant);

    /// <summary>Carries out all of the commands, one after the other, or none.</summary>
    /// <returns>The state after them.</returns>
    /// <exception cref="ScimException">What a decision refuses: 400, 404, 409.</exception>
    public async Task<ProvisioningState> Do(Origin origin, IReadOnlyList<ProvisioningCommand> commands, CancellationToken cancellation)
    {
        var state = await writer.Write(origin, async transaction =>
        {
            var write = await ProvisioningWrite.Begin(transaction, cancellation);
            foreach (var command in commands) write.Decide(command);
            await write.Commit(cancellation);
            return write.State;
        }, cancellation);
        tokens.Forget(); // other nodes hear of it, this one knows before it answers
        return state;
    }

    /// <summary>Issues a token to whoever is to act in a role; only its hash is kept.</summary>
    /// <exception cref="ScimException">400, 404 for an unknown connection, 409 for a token that was issued before.</exception>
    public async Task<TokenIssued> Issue(Origin origin, IssueToken command, string token, CancellationToken cancellation)
    {
        var made = await writer.Write(origin, async transaction =>
        {
            var write = await ProvisioningWrite.Begin(transaction, cancellation);
            var issued = await Issue(transaction, write, command, token, cancellation)
                ?? throw new ScimException(ScimError.Conflict("This token was issued before."));
            await write.Commit(cancellation);
            return issued;
        }, cancellation);
        tokens.Forget(); // that it was unknown
        return made;
    }

    /// <summary>Makes what is missing on a first start; safe when several nodes do it at once.</summary>
    /// <param name="first">What is wanted, given what there is; may be asked several times.</param>
    public Task<bool> Bootstrap(
        Origin origin, Func<ExistingCredentials, FirstCredentials> first, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var write = await ProvisioningWrite.Begin(transaction, cancellation);
            var wanted = first(await ExistingCredentials.Find(transaction, cancellation));
            if (wanted.Administrator is { } account)
            {
                var created = new AdministratorCreated(account.Id, AdministratorName);
                transaction.Session.QueueOperation(
                    CredentialRows.StoreAdministrator(transaction.Tenant, created, account.PasswordHash, account.MustChangePassword));
                write.Add(created);
            }

            if (wanted.Scim is { } scim) await Connect(transaction, write, scim, wanted, cancellation);
            foreach (var (token, role) in new[] { (wanted.Audit, TokenRole.Auditor), (wanted.Admin, TokenRole.Admin) })
                if (token is not null)
                    await Issue(transaction, write, Command(token, role, null), token.Value, cancellation);
            await write.Commit(cancellation);
            return write.Events.Count > 0;
        }, cancellation);

    /// <summary>An administrator's word counts for more than a start: what was switched before is left alone.</summary>
    private static async Task Connect(
        WriteTransaction transaction, ProvisioningWrite write, FirstToken token, FirstCredentials first, CancellationToken cancellation)
    {
        var connection = write.State.Connections.Values.FirstOrDefault(c => c.Name == ConnectionName)?.Id ?? first.ConnectionId;
        if (await IsKnown(transaction, token.Value, cancellation)) return;
        write.Decide(new CreateConnection(connection, ConnectionName, null));
        await Issue(transaction, write, Command(token, TokenRole.Provisioner, connection), token.Value, cancellation);
        if (!write.State.WasSwitched) write.Decide(new SwitchOn(first.Reason));
    }

    private static IssueToken Command(FirstToken token, string role, Guid? connection) =>
        new(token.Id, role, connection, role switch { TokenRole.Auditor => "Auditor", TokenRole.Admin => "Admin", _ => null },
            BearerToken.Prefix(token.Value), null, null);

    /// <returns>Null when the very token was issued before, be it revoked or expired by now.</returns>
    private static async Task<TokenIssued?> Issue(
        WriteTransaction transaction, ProvisioningWrite write, IssueToken command, string token, CancellationToken cancellation)
    {
        if (await IsKnown(transaction, token, cancellation)) return null;
        var issued = (TokenIssued)write.Decide(command)[0];
        transaction.Session.QueueOperation(CredentialRows.StoreToken(transaction.Tenant, issued, BearerToken.Hash(token)));
        return issued;
    }

    private static async Task<bool> IsKnown(WriteTransaction transaction, string token, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select exists (select from credential where hash = $1)", transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = BearerToken.Hash(token), NpgsqlDbType = NpgsqlDbType.Bytea });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

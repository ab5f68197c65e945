using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Audit;
using Directory.Projections.Imports;
using Directory.Projections.Requests;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>What an erasure did.</summary>
/// <param name="Id">Of the erasure.</param>
/// <param name="UserId">Of the user, who is unknown from here on.</param>
/// <param name="Events">How many events were masked.</param>
public sealed record ErasureReceipt(Guid Id, Guid UserId, long Events);

/// <summary>
/// Erases a person, in one transaction: masks the events, drops the salts of their commitments, writes the audit anew from what is
/// left, removes the rows of the user and what waits to be imported of it, and appends the event that tells of it. A live user is deleted by the
/// same act.
/// </summary>
public sealed class ErasureStream(DirectoryWriter writer, IDocumentStore store, ResourceType users, ResourceType groups)
{
    // In the order in which a change of a group takes its locks. Who is about to name the person in an event holds one of them.
    private static readonly string[] Locks =
    [
        "select id from scim_group where tenant_id = $1 and id in (select group_id from group_member where tenant_id = $1 and member_id = $2) order by id for update",
        "select id from scim_user where tenant_id = $1 and id = $2 for update",
        "select id from deleted_user where tenant_id = $1 and id = $2 for update",
    ];

    /// <param name="origin">Who erases, under which request.</param>
    /// <param name="user">The id of a live or a deleted user.</param>
    /// <param name="erasure">The id of the erasure.</param>
    /// <param name="reason">Why, in words that do not name the person.</param>
    /// <param name="cancellation">Given up; nothing is erased then.</param>
    /// <exception cref="ScimException">404: there is no such user, or it is erased already.</exception>
    public Task<ErasureReceipt> Erase(Origin origin, Guid user, Guid erasure, string reason, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var imports = await StagedErasure.Hold(transaction.Connection, transaction.Tenant, cancellation);
            await TakeTurn(transaction, user, cancellation);
            var state = await UserRows.FindAny(transaction.Session, users, transaction.Tenant, user, cancellation)
                ?? throw new ScimException(ScimError.NotFound(users.Name, user.ToString()));
            using var masking = new EventMasking(store, transaction.Transaction, new AuditProjection(users, groups), erasure);
            var person = await PersonNames.Read(transaction.Connection, transaction.Tenant, user, cancellation);
            await RecordMasking.Run(transaction.Connection, transaction.Tenant, person, cancellation);
            await StagedErasure.Run(transaction.Connection, imports, person, cancellation);
            await masking.Run(transaction.Tenant, user, cancellation);

            var erased = new UserErased(
                UserErasure.Subject, erasure, reason, masking.Count, masking.Digest(), new SentRequest(new JsonObject { ["reason"] = reason }));
            IReadOnlyList<IUserEvent> events = state.IsDeleted ? [erased] : [new UserDeleted(UserErasure.Subject, null), erased];
            transaction.Folded.Set(transaction.Tenant, user, state);
            transaction.Session.Events.Append(user, state.Meta.StreamVersion + events.Count, events);
            await transaction.Commit(cancellation);
            return new ErasureReceipt(erasure, user, masking.Count);
        }, cancellation);

    private static async Task TakeTurn(WriteTransaction transaction, Guid user, CancellationToken cancellation)
    {
        // Nobody seals, and nobody writes search terms, from what is about to go.
        await using (var turn = new NpgsqlCommand(
            $"select pg_advisory_xact_lock({AuditTermRows.Turn}), pg_advisory_xact_lock({SealRows.Turn})", transaction.Connection))
            await turn.ExecuteNonQueryAsync(cancellation);
        foreach (var sql in Locks)
        {
            await using var command = new NpgsqlCommand(sql, transaction.Connection);
            command.Parameters.Add(new NpgsqlParameter { Value = transaction.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { Value = user, NpgsqlDbType = NpgsqlDbType.Uuid });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}

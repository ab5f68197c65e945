using System.Security.Cryptography;
using System.Text;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Adoption;

/// <summary>
/// Decides on a change for whoever asks: a connection may change what it manages, and takes over what is local. What it costs more than
/// the decision itself is paid at the first contact only.
/// </summary>
/// <param name="isShared">Whether the connections of a directory may change what another manages.</param>
public sealed class CustodyRules(bool isShared)
{
    public static readonly CustodyRules Default = new(isShared: false);

    private static readonly string Required = DirectoryStore.EventNames[typeof(AdoptionConsentRequired)];

    /// <summary>The id of the stream of a directory's setting, derived from its name.</summary>
    internal static Guid StreamId(string tenant) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("adoption/" + tenant)).AsSpan(0, 16), bigEndian: true);

    internal async ValueTask<IReadOnlyList<IUserEvent>> Decide(
        WriteTransaction transaction, ResourceType type, User user, UserCommand command, CancellationToken cancellation)
    {
        if (!IsFirstContact(transaction, type, user.ManagedBy)) return UserDecider.Decide(type, user, command);
        var connection = transaction.Origin.Actor.Id!;
        var (events, obstacle) = UserCustody.TakeOver(type, user, command, connection, await Terms(transaction, user.Id, cancellation));
        if (obstacle is not null) throw await Refuse(transaction, type, user.Id, obstacle, cancellation);
        Forget(transaction, user.Id);
        return events;
    }

    internal async ValueTask<IReadOnlyList<IGroupEvent>> Decide(
        WriteTransaction transaction, ResourceType type, Group group, GroupCommand command, MembershipFacts facts, CancellationToken cancellation)
    {
        if (!IsFirstContact(transaction, type, group.ManagedBy)) return GroupDecider.Decide(type, group, command, facts);
        var connection = transaction.Origin.Actor.Id!;
        var (events, obstacle) = GroupCustody.TakeOver(type, group, command, facts, connection, await Terms(transaction, group.Id, cancellation));
        if (obstacle is not null) throw await Refuse(transaction, type, group.Id, obstacle, cancellation);
        Forget(transaction, group.Id);
        return events;
    }

    private bool IsFirstContact(WriteTransaction transaction, ResourceType type, string? managedBy) =>
        transaction.Origin.Actor is { Kind: Actor.Scim, Id: { } connection } && Custody.IsFirstContact(type.Name, managedBy, connection, isShared);

    private static async Task<AdoptionTerms> Terms(WriteTransaction transaction, Guid resource, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select (select type from mt_events where tenant_id = $1 and stream_id = $2 order by version desc limit 1),
                (select answer from adoption_request where tenant_id = $1 and resource_id = $3 and connection_id = $4)
            """, transaction.Connection);
        Add(command, NpgsqlDbType.Text, transaction.Tenant);
        Add(command, NpgsqlDbType.Uuid, StreamId(transaction.Tenant));
        Add(command, NpgsqlDbType.Uuid, resource);
        Add(command, NpgsqlDbType.Text, transaction.Origin.Actor.Id!);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new AdoptionTerms(!row.IsDBNull(0) && row.GetString(0) == Required, row.IsDBNull(1) ? AdoptionAnswer.None : row.GetString(1) switch
        {
            AdoptionRequest.Consented => AdoptionAnswer.Consented,
            AdoptionRequest.Declined => AdoptionAnswer.Declined,
            _ => AdoptionAnswer.None,
        });
    }

    /// <summary>
    /// Leaves the question for an administrator. The transaction holds nothing else yet that is to be kept, so it is committed here.
    /// </summary>
    private static async Task<ScimException> Refuse(
        WriteTransaction transaction, ResourceType type, Guid resource, string obstacle, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            insert into adoption_request (tenant_id, resource_type, resource_id, connection_id, connection, reason, request_id, first_asked, last_asked)
            values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), clock_timestamp())
            on conflict on constraint adoption_request_once do update set connection = excluded.connection, reason = excluded.reason,
                request_id = excluded.request_id, last_asked = excluded.last_asked, times = adoption_request.times + 1
            """, transaction.Connection);
        Add(command, NpgsqlDbType.Text, transaction.Tenant);
        Add(command, NpgsqlDbType.Text, type.Name);
        Add(command, NpgsqlDbType.Uuid, resource);
        Add(command, NpgsqlDbType.Text, transaction.Origin.Actor.Id!);
        Add(command, NpgsqlDbType.Text, transaction.Origin.Actor.Name);
        Add(command, NpgsqlDbType.Text, obstacle);
        Add(command, NpgsqlDbType.Text, transaction.Origin.RequestId);
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.Transaction.CommitAsync(cancellation);
        return new ScimException(ScimError.ConsentNeeded(type.Name, obstacle));
    }

    private static void Forget(WriteTransaction transaction, Guid resource) => transaction.Session.QueueOperation(new SqlOperation(
        "delete from adoption_request where tenant_id = ^ and resource_id = ^", (transaction.Tenant, NpgsqlDbType.Text), (resource, NpgsqlDbType.Uuid)));

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}

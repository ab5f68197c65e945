using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Users;

/// <summary>The write side of users: load, decide, append.</summary>
public sealed class UserStream(DirectoryWriter writer, ResourceType type)
{
    /// <returns>The user as stored.</returns>
    /// <exception cref="ScimException">409 uniqueness when the userName is taken.</exception>
    public Task<User> Create(Origin origin, Guid id, CreateUser command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var events = UserDecider.Decide(type, null, command);
            transaction.Session.Events.StartStream(id, events);
            await Commit(transaction, events, cancellation);
            return transaction.Folded.Get<User>(transaction.Tenant, id)!;
        }, cancellation);

    /// <returns>The user after the change; a deleted one says so.</returns>
    /// <exception cref="ScimException">404, 412, 409 uniqueness, or what the decision refuses.</exception>
    public Task<User> Change(
        Origin origin, Guid id, Precondition precondition, UserCommand command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var user = await Load(transaction, id, cancellation) ?? throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
            precondition.Demand(user.Meta.ETag);
            var events = UserDecider.Decide(type, user, command);
            transaction.Folded.Set(transaction.Tenant, id, user);
            transaction.Session.Events.Append(id, user.Meta.StreamVersion + events.Count, events);
            await Commit(transaction, events, cancellation);
            return transaction.Folded.Get<User>(transaction.Tenant, id)!;
        }, cancellation);

    internal static async Task<User?> Load(WriteTransaction transaction, Guid id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select body, version, stream_version, created, last_modified, managed_by, false
            from scim_user where tenant_id = $1 and id = $2 for no key update
            """, transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = transaction.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? UserRows.Read(reader, id) : null;
    }

    internal static async Task Commit(WriteTransaction transaction, IReadOnlyList<IUserEvent> events, CancellationToken cancellation)
    {
        try
        {
            await transaction.Commit(cancellation);
        }
        catch (Exception e) when (e.Violates("scim_user_name_unique"))
        {
            throw new ScimException(ScimError.Uniqueness("userName", NewName(events)));
        }
    }

    private static string NewName(IReadOnlyList<IUserEvent> events)
    {
        foreach (var e in events)
        {
            var changes = e switch { UserReplaced r => r.Changes, UserPatched p => p.Changes, UserRestored r => r.Changes, _ => [] };
            if (changes.FirstOrDefault(c => c.Path == "userName") is { After: { } name }) return name.ToString();
        }

        return events[0].Subject.Name;
    }
}

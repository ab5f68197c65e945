using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Adoption;
using Directory.Projections.Streams;
using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Users;

/// <summary>The write side of users: load, decide, append.</summary>
public sealed class UserStream(DirectoryWriter writer, ResourceType type, CustodyRules custody)
{
    private readonly UserCreations _creations = new(writer, type);

    /// <returns>The user as stored.</returns>
    /// <exception cref="ScimException">409 uniqueness when the userName is taken.</exception>
    public Task<User> Create(Origin origin, Guid id, CreateUser command, CancellationToken cancellation) =>
        _creations.Create(origin, id, command, cancellation);

    /// <returns>The user after the change; a deleted one says so.</returns>
    /// <exception cref="ScimException">404, 412, 409 uniqueness, or what the decision refuses.</exception>
    public Task<User> Change(
        Origin origin, Guid id, Precondition precondition, UserCommand command, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var stream = await Append(transaction, id, precondition, command, cancellation);
            await Commit(transaction, Events(stream), cancellation);
            return transaction.Folded.Get<User>(transaction.Tenant, id)!;
        }, cancellation);

    /// <summary>Decides on a creation; its events wait for the commit.</summary>
    internal StreamAction Append(WriteTransaction transaction, Guid id, CreateUser command) =>
        transaction.Session.Events.StartStream(id, UserDecider.Decide(type, null, command));

    /// <summary>Locks the user and decides on a change; its events wait for the commit.</summary>
    internal async Task<StreamAction> Append(
        WriteTransaction transaction, Guid id, Precondition precondition, UserCommand command, CancellationToken cancellation)
    {
        var user = await Load(transaction, id, cancellation) ?? throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
        precondition.Demand(user.Meta.ETag);
        var events = await custody.Decide(transaction, type, user, command, cancellation);
        transaction.Folded.Set(transaction.Tenant, id, user);
        return transaction.Session.Events.Append(id, user.Meta.StreamVersion + events.Count, events);
    }

    /// <summary>Whether the failure says that a userName is taken.</summary>
    internal static bool NameIsTaken(Exception e) => e.Violates("scim_user_name_unique");

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
        catch (Exception e) when (NameIsTaken(e))
        {
            throw new ScimException(TakenBy(events));
        }
    }

    internal static IReadOnlyList<IUserEvent> Events(StreamAction stream) => [.. stream.Events.Select(e => (IUserEvent)e.Data)];

    internal static ScimError TakenBy(IReadOnlyList<IUserEvent> events)
    {
        foreach (var e in events)
        {
            var changes = e switch { UserReplaced r => r.Changes, UserPatched p => p.Changes, UserRestored r => r.Changes, _ => [] };
            if (changes.FirstOrDefault(c => c.Path == "userName") is { After: { } name }) return ScimError.Uniqueness("userName", name.ToString());
        }

        return ScimError.Uniqueness("userName", events[0].Subject.Name);
    }
}

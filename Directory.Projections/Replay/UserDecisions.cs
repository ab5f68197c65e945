using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>Decides on users for administrators: deleted ones too when they are to be restored, and as a preview when asked.</summary>
public sealed class UserDecisions(DirectoryWriter writer, ResourceType type, TimeProvider clock)
{
    /// <param name="origin">Who asks.</param>
    /// <param name="id">The user; of a creation the id it would get.</param>
    /// <param name="precondition">What If-Match demands.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="outcome">A preview never appends.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <exception cref="ScimException">404, 412, 409 uniqueness, or what the decision refuses.</exception>
    public Task<UserDecision> Decide(
        Origin origin, Guid id, Precondition precondition, UserCommand command, Outcome outcome, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var user = command is CreateUser ? null : await Load(transaction, id, command, cancellation)
                ?? throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
            if (user is not null) precondition.Demand(user.Meta.ETag);
            var events = UserDecider.Decide(type, user, command);
            if (outcome == Outcome.Preview || events.Count == 0) return await Preview(transaction, id, user, events, cancellation);

            if (user is not null) transaction.Folded.Set(transaction.Tenant, id, user);
            transaction.Session.Events.Append(id, (user?.Meta.StreamVersion ?? 0) + events.Count, events);
            await UserStream.Commit(transaction, events, cancellation);
            return new UserDecision(user, events, transaction.Folded.Get<User>(transaction.Tenant, id));
        }, cancellation);

    private async Task<UserDecision> Preview(
        WriteTransaction transaction, Guid id, User? user, IReadOnlyList<IUserEvent> events, CancellationToken cancellation)
    {
        var (after, version) = (user, user?.Meta.StreamVersion ?? 0);
        foreach (var e in events) after = User.Evolve(type, after, id, e, new EventStamp(++version, clock.GetUtcNow()));
        if (after is { IsDeleted: false } && events.Count > 0) await DemandFreeName(transaction, after, cancellation);
        return new UserDecision(user, events, after);
    }

    private static async Task DemandFreeName(WriteTransaction transaction, User user, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from scim_user where tenant_id = $1 and user_name_key = $2 and id <> $3)", transaction.Connection)
            .With(transaction.Tenant).With(CaseFolding.Fold(user.UserName)).With(user.Id);
        if (await command.ExecuteScalarAsync(cancellation) is true)
            throw new ScimException(ScimError.Uniqueness("userName", user.UserName));
    }

    private static async Task<User?> Load(WriteTransaction transaction, Guid id, UserCommand command, CancellationToken cancellation)
    {
        if (await UserStream.Load(transaction, id, cancellation) is { } user) return user;
        if (command is not (RestoreUser or UndoUser)) return null;
        await using var select = new NpgsqlCommand("""
            select body, version, stream_version, created, deleted_at, managed_by, true
            from deleted_user where tenant_id = $1 and id = $2 for update
            """, transaction.Connection).With(transaction.Tenant).With(id);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? UserRows.Read(row, id) : null;
    }
}

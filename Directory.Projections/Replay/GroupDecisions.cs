using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Groups;
using Directory.Projections.Streams;
using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>Decides on groups for administrators: deleted ones too when they are to be restored, and as a preview when asked.</summary>
public sealed class GroupDecisions(DirectoryWriter writer, ResourceType type, TimeProvider clock)
{
    private static readonly IReadOnlyDictionary<Guid, Member> Nobody = new Dictionary<Guid, Member>();

    /// <param name="origin">Who asks.</param>
    /// <param name="id">The group; of a creation the id it would get.</param>
    /// <param name="precondition">What If-Match demands.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="outcome">A preview never appends.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <param name="expected">Whom a preview takes to exist because they would be restored before.</param>
    /// <exception cref="ScimException">404, 412, 409 uniqueness, or what the decision refuses.</exception>
    public Task<GroupDecision> Decide(
        Origin origin, Guid id, Precondition precondition, GroupCommand command, Outcome outcome, CancellationToken cancellation,
        IReadOnlyDictionary<Guid, Member>? expected = null) =>
        writer.Write(origin, async transaction =>
        {
            var (group, facts) = await GroupLoader.Load(transaction, id, MembershipQuestions.Of(command), cancellation);
            if (command is CreateGroup) group = null;
            else group ??= await LoadDeleted(transaction, id, command, cancellation)
                ?? throw new ScimException(ScimError.NotFound(type.Name, id.ToString()));
            if (group is not null) precondition.Demand(group.Meta.ETag);
            if (outcome == Outcome.Preview) facts = facts with { Known = Joined(facts.Known, expected ?? Nobody) };
            var events = GroupDecider.Decide(type, group, command, facts);
            var left = LeftOut(command, facts);
            if (outcome == Outcome.Preview || events.Count == 0) return await Preview(transaction, id, group, events, left, cancellation);

            if (group is not null) transaction.Folded.Set(transaction.Tenant, id, group);
            transaction.Session.Events.Append(id, (group?.Meta.StreamVersion ?? 0) + events.Count, events);
            await GroupStream.Commit(transaction, events, cancellation);
            return new GroupDecision(group, events, transaction.Folded.Get<Group>(transaction.Tenant, id), left);
        }, cancellation);

    private async Task<GroupDecision> Preview(
        WriteTransaction transaction, Guid id, Group? group, IReadOnlyList<IGroupEvent> events, IReadOnlyList<Guid> left,
        CancellationToken cancellation)
    {
        var (after, version) = (group, group?.Meta.StreamVersion ?? 0);
        foreach (var e in events) after = Group.Evolve(type, after, id, e, new EventStamp(++version, clock.GetUtcNow()));
        if (after is { IsDeleted: false } && events.Count > 0) await DemandFreeName(transaction, after, cancellation);
        return new GroupDecision(group, events, after, left);
    }

    private static IReadOnlyList<Guid> LeftOut(GroupCommand command, MembershipFacts facts)
    {
        var wanted = command switch { RestoreGroup c => c.Members ?? [], UndoGroup c => c.Add, _ => [] };
        return [.. wanted.Where(id => !facts.Current.ContainsKey(id) && (!facts.Known.ContainsKey(id) || facts.Above.Contains(id)))];
    }

    private static async Task DemandFreeName(WriteTransaction transaction, Group group, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from scim_group where tenant_id = $1 and display_name_key = $2 and id <> $3)", transaction.Connection)
            .With(transaction.Tenant).With(CaseFolding.Fold(group.DisplayName)).With(group.Id);
        if (await command.ExecuteScalarAsync(cancellation) is true)
            throw new ScimException(ScimError.Uniqueness("displayName", group.DisplayName));
    }

    private static async Task<Group?> LoadDeleted(WriteTransaction transaction, Guid id, GroupCommand command, CancellationToken cancellation)
    {
        if (command is not (RestoreGroup or UndoGroup)) return null;
        await using var select = new NpgsqlCommand("""
            select body, version, stream_version, created, deleted_at, managed_by, true
            from deleted_group where tenant_id = $1 and id = $2 for update
            """, transaction.Connection).With(transaction.Tenant).With(id);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? GroupRows.Read(row, id) : null;
    }

    private static Dictionary<Guid, Member> Joined(IReadOnlyDictionary<Guid, Member> known, IReadOnlyDictionary<Guid, Member> expected)
    {
        var joined = new Dictionary<Guid, Member>(expected);
        foreach (var (id, member) in known) joined[id] = member;
        return joined;
    }
}

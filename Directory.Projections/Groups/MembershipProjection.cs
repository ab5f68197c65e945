using Directory.Domain.Groups;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using NpgsqlTypes;

namespace Directory.Projections.Groups;

/// <summary>
/// Keeps <c>group_member</c>: an interval opens when someone is added to a group and closes when they are removed, when they are
/// deleted, or when the group is. Nothing is ever deleted here, so the table also answers who was a member then.
/// </summary>
public sealed class MembershipProjection : IProjection
{
    public const string Name = "Membership";

    private const int FewMembers = 8;

    private const string Open = """
        insert into group_member
            (tenant_id, group_id, member_id, member_type, member_name, display, added_at, added_by, added_version)
        select ^, ^, m.id, m.type, m.name, m.display, ^, ^, ^ from unnest(^, ^, ^, ^) as m (id, type, name, display)
        """;

    private const string OpenOne = """
        insert into group_member
            (tenant_id, group_id, added_at, added_by, added_version, member_id, member_type, member_name, display)
        values (^, ^, ^, ^, ^, ^, ^, ^, ^)
        """;

    private const string Close = """
        update group_member set removed_at = ^, removed_by = ^, removed_version = ^
        where tenant_id = ^ and removed_at is null and 
        """;

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
            foreach (var operation in MembershipChange.Of(e).SelectMany(change => Operations(e, change)))
                operations.QueueOperation(operation);
        return Task.CompletedTask;
    }

    private static IEnumerable<SqlOperation> Operations(IEvent e, MembershipChange change) => change switch
    {
        MembershipChange.Opened opened => [Opened(e, opened.Members)],
        MembershipChange.Removed removed => Closed(e, [.. removed.Members]),
        MembershipChange.GroupEnded => [Closed(e, e.Version, "group_id = ^", (e.StreamId, NpgsqlDbType.Uuid))],
        MembershipChange.MemberEnded => [Closed(e, null, "member_id = ^", (e.StreamId, NpgsqlDbType.Uuid))],
        MembershipChange.Named named => [Rename(e, "member_name", named.Name)],
        MembershipChange.Displayed displayed => [Rename(e, "display", displayed.Display)],
        MembershipChange.Erased => [new SqlOperation("update group_member set member_name = ^, display = null where tenant_id = ^ and member_id = ^",
            (UserErasure.Mask, NpgsqlDbType.Text), (e.TenantId, NpgsqlDbType.Text), (e.StreamId, NpgsqlDbType.Uuid))],
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "This is no change of a membership."),
    };

    private static SqlOperation Opened(IEvent e, IReadOnlyList<Member> members)
    {
        (object?, NpgsqlDbType)[] of =
        [
            (e.TenantId, NpgsqlDbType.Text), (e.StreamId, NpgsqlDbType.Uuid), (e.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            (e.Id, NpgsqlDbType.Uuid), (e.Version, NpgsqlDbType.Bigint),
        ];
        return members is [var one]
            ? new SqlOperation(OpenOne, [.. of, (one.Id, NpgsqlDbType.Uuid), (one.Type, NpgsqlDbType.Text), (one.Name, NpgsqlDbType.Text),
                (one.Display, NpgsqlDbType.Text)])
            : new SqlOperation(Open, [.. of,
                (members.Select(m => m.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
                (members.Select(m => m.Type).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
                (members.Select(m => m.Name).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
                (members.Select(m => m.Display).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)]);
    }

    /// <summary>A few go by the primary key one by one: a plan for a list of members reads all of a large group.</summary>
    private static IEnumerable<SqlOperation> Closed(IEvent e, Guid[] members) => members.Length > FewMembers
        ? [Closed(e, e.Version, "group_id = ^ and member_id = any(^)",
            (e.StreamId, NpgsqlDbType.Uuid), (members, NpgsqlDbType.Array | NpgsqlDbType.Uuid))]
        : members.Select(member => Closed(e, e.Version, "group_id = ^ and member_id = ^",
            (e.StreamId, NpgsqlDbType.Uuid), (member, NpgsqlDbType.Uuid)));

    /// <param name="version">The version of the group's stream, null for an event of the member's.</param>
    private static SqlOperation Closed(IEvent e, long? version, string which, params (object?, NpgsqlDbType)[] values) => new(Close + which,
        [(e.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz), (e.Id, NpgsqlDbType.Uuid), (version, NpgsqlDbType.Bigint),
            (e.TenantId, NpgsqlDbType.Text), .. values]);

    private static SqlOperation Rename(IEvent e, string column, string? value) => new(
        $"update group_member set {column} = ^ where tenant_id = ^ and member_id = ^ and removed_at is null",
        (value, NpgsqlDbType.Text), (e.TenantId, NpgsqlDbType.Text), (e.StreamId, NpgsqlDbType.Uuid));
}

using Directory.Domain.Groups;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Groups;

/// <summary>
/// Loads a group under a lock, and what a command asks of its members, in one round trip; in two where a group is to become a member
/// of a group, which is decided upon under a lock of the directory: two that add each other, or more in a ring, wait for one another
/// here, and the last sees what the others did.
/// </summary>
internal static class GroupLoader
{
    // The lock leaves room for the key share lock of others, who add this group to theirs.
    private const string LockGroup = """
        select body, version, stream_version, created, last_modified, managed_by, false
        from scim_group where tenant_id = $1 and id = $2 for no key update
        """;

    // What can become a member, and who is one, in one statement: each more costs as much as what it does. The key share lock keeps a
    // user from being deleted while it is added, and disturbs no other reader or writer of the user.
    private const string UserCandidates =
        "select 0, u.* from (select id, 'User', user_name, display_name from scim_user where tenant_id = $1 and id = any($3) for key share) u";

    private const string GroupCandidates = "select 1, id, 'Group', display_name, null from scim_group where tenant_id = $1 and id = any($3)";

    private const string Current = """
        select 2, member_id, member_type, member_name, display from group_member
        where tenant_id = $1 and group_id = $2 and removed_at is null
        """;

    // One look into the primary key for each: left to itself, a plan made for groups of average size reads all of a large one.
    private const string CurrentOf = """
        select 2, m.member_id, m.member_type, m.member_name, m.display
        from unnest($3) as asked (id) cross join lateral (
            select member_id, member_type, member_name, display from group_member
            where tenant_id = $1 and group_id = $2 and member_id = asked.id and removed_at is null offset 0) m
        """;

    private const string OfAll = $"{UserCandidates} union all {GroupCandidates} union all {Current}";
    private const string OfAsked = $"{UserCandidates} union all {GroupCandidates} union all {CurrentOf}";

    // For a list of unknown length the database makes a plan each time, which takes longer than to look one candidate up.
    private static readonly string OfOne = $"{UserCandidates} union all {GroupCandidates} union all {Current} and member_id = $3"
        .Replace("any($3)", "$3", StringComparison.Ordinal);

    // The lock leaves room for the key share lock of others, who add this group to theirs.
    private const string LockNestedGroups = "select id, display_name from scim_group where tenant_id = $1 and id = any($2) for key share";

    private const string LockNesting = "select pg_advisory_xact_lock(hashtextextended($1, hashtext('group_member')))";

    private const string Above = """
        with recursive above as (
            select $2::uuid as id
            union
            select m.group_id from group_member m join above a on m.member_id = a.id where m.tenant_id = $1 and m.removed_at is null
        )
        select id from above
        """;

    public static async Task<(Group? Group, MembershipFacts Facts)> Load(
        WriteTransaction transaction, Guid id, MembershipQuestion question, CancellationToken cancellation)
    {
        var ids = question.Candidates.ToArray();
        await using var batch = new NpgsqlBatch(transaction.Connection);
        Add(batch, LockGroup, transaction.Tenant, id);
        if (ids is [var one] && !question.All) Add(batch, OfOne, transaction.Tenant, id, one);
        else if (!question.IsEmpty) Add(batch, question.All ? OfAll : OfAsked, transaction.Tenant, id, ids);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var group = await reader.ReadAsync(cancellation) ? GroupRows.Read(reader, id) : null;
        if (question.IsEmpty) return (group, MembershipFacts.None);

        Dictionary<Guid, Member>[] found = [[], [], []];
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var member = new Member(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4));
            found[reader.GetInt32(0)][member.Id] = member;
        }

        await reader.DisposeAsync();
        var (candidates, groups, current) = (found[0], found[1], found[2]);
        var above = groups.Count == 0 ? [id] : await LockNested(transaction, id, groups, cancellation);
        foreach (var (memberId, member) in groups) candidates[memberId] = member;
        return (group, new MembershipFacts(candidates, current, above));
    }

    /// <summary>Leaves those of the groups that are still there, and tells what is above the group.</summary>
    private static async Task<HashSet<Guid>> LockNested(
        WriteTransaction transaction, Guid id, Dictionary<Guid, Member> groups, CancellationToken cancellation)
    {
        var ids = groups.Keys.ToArray();
        groups.Clear();
        await using var batch = new NpgsqlBatch(transaction.Connection);
        Add(batch, LockNesting, transaction.Tenant);
        Add(batch, LockNestedGroups, transaction.Tenant, ids);
        Add(batch, Above, transaction.Tenant, id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            groups.Add(reader.GetGuid(0), new Member(reader.GetGuid(0), Member.Group, reader.GetString(1), null));
        var above = new HashSet<Guid>();
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) above.Add(reader.GetGuid(0));
        return above;
    }

    private static void Add(NpgsqlBatch batch, string sql, string tenant, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = value,
                NpgsqlDbType = value is Guid[]? NpgsqlDbType.Array | NpgsqlDbType.Uuid : NpgsqlDbType.Uuid,
            });
        batch.BatchCommands.Add(command);
    }
}

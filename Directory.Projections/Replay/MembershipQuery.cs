using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>A member of a group, by what it is called at the moment that is looked at.</summary>
public sealed record PastMember(Guid Id, string Type, string Name);

/// <summary>Who came or went between two places of a group's history.</summary>
/// <param name="Op"><c>add</c> or <c>remove</c>.</param>
public sealed record MemberChange(string Op, Guid Id, string Type, string Name);

/// <summary>Reads the intervals of <c>group_member</c>. Members come in the order of their ids, which is that of their creation.</summary>
public sealed class MembershipQuery(NpgsqlDataSource database)
{
    // $1 tenant, $2 group, $3 version, $4 instant. Within the group's own stream the version decides: the events of one request share a time.
    private const string Then = """
        m.tenant_id = $1 and m.group_id = $2 and m.added_version <= $3
        and case when m.removed_version is not null then m.removed_version > $3 else m.removed_at is null or m.removed_at > $4 end
        """;

    private const string Edge = "m.group_id, m.member_id, m.added_at, m.removed_at, m.added_by, m.removed_by";

    private const string Overlaps = "greatest(m.added_at, r.since) < least(coalesce(m.removed_at, 'infinity'), r.until)";

    // The members of several groups, each looked at for a stretch of its own: $1 tenant, $2 groups, $3 from, $4 to.
    private const string Reached = $"""
        unnest($2, $3, $4) as r (group_id, since, until)
        join group_member m on m.tenant_id = $1 and m.group_id = r.group_id and {Overlaps}
        """;

    // Of each group no more than a page is read, in the order of the primary key. $5 the last id of the page before, $6 how many.
    private const string FirstOfEach = $"""
        select distinct on (m.member_id) m.member_id, m.member_type, m.member_name
        from unnest($2, $3, $4) as r (group_id, since, until) cross join lateral (
            select distinct on (m.member_id) m.member_id, m.member_type, m.member_name, m.added_at from group_member m
            where m.tenant_id = $1 and m.group_id = r.group_id and m.member_id > $5 and {Overlaps}
            order by m.member_id, m.added_at desc limit $6) m
        order by m.member_id, m.added_at desc limit $6
        """;

    public async Task<long> Count(string tenant, Guid group, StreamPoint point, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select count(*) from group_member m where {Then}")
            .With(tenant).With(group).With(point.Version).With(point.Instant);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<IReadOnlyList<PastMember>> Page(
        string tenant, Guid group, StreamPoint point, Guid after, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select m.member_id, m.member_type, m.member_name from group_member m where {Then} and m.member_id > $5
            order by m.member_id limit $6
            """).With(tenant).With(group).With(point.Version).With(point.Instant).With(after).With((long)count);
        return await Members(command, cancellation);
    }

    /// <summary>How many came and how many went from one place of the history to another.</summary>
    public async Task<(long Added, long Removed)> CountChanges(
        string tenant, Guid group, StreamPoint from, StreamPoint to, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select count(*) filter (where before is null), count(*) filter (where after is null) from ({Changes()}) c
            """).With(tenant).With(group).With(from.Version).With(from.Instant).With(to.Version).With(to.Instant).With(Guid.Empty);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    public async Task<IReadOnlyList<MemberChange>> PageOfChanges(
        string tenant, Guid group, StreamPoint from, StreamPoint to, Guid after, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select case when before is null then 'add' else 'remove' end, coalesce(before, after), type, name from ({Changes()}) c
            where before is null or after is null order by 2 limit $8
            """).With(tenant).With(group).With(from.Version).With(from.Instant).With(to.Version).With(to.Instant).With(after).With((long)count);
        var changes = new List<MemberChange>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            changes.Add(new MemberChange(row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetString(3)));
        return changes;
    }

    /// <summary>The direct memberships by which someone belonged to groups in a period, and these groups to others.</summary>
    public async Task<IReadOnlyList<MembershipEdge>> Outward(string tenant, Guid member, Period period, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            with recursive up as (
                select $2 as id
                union
                select m.group_id from up join group_member m on m.tenant_id = $1 and m.member_id = up.id
                    and m.added_at < $4 and (m.removed_at is null or m.removed_at > $3))
            select {Edge} from up join group_member m on m.tenant_id = $1 and m.member_id = up.id
                and m.added_at < $4 and (m.removed_at is null or m.removed_at > $3)
            """).With(tenant).With(member).With(period.From).With(period.To);
        return await Edges(command, cancellation);
    }

    /// <summary>The groups within a group in a period.</summary>
    public async Task<IReadOnlyList<MembershipEdge>> GroupsWithin(string tenant, Guid group, Period period, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            with recursive down as (
                select $2 as id
                union
                select m.member_id from down join group_member m on m.tenant_id = $1 and m.group_id = down.id and m.member_type = 'Group'
                    and m.added_at < $4 and (m.removed_at is null or m.removed_at > $3))
            select {Edge} from down join group_member m on m.tenant_id = $1 and m.group_id = down.id and m.member_type = 'Group'
                and m.added_at < $4 and (m.removed_at is null or m.removed_at > $3)
            """).With(tenant).With(group).With(period.From).With(period.To);
        return await Edges(command, cancellation);
    }

    /// <summary>How many different members the groups had, each group in its stretch of time.</summary>
    public async Task<long> Count(string tenant, IReadOnlyList<(Guid Group, Period Period)> reach, CancellationToken cancellation)
    {
        await using var command = Reach(database.CreateCommand($"select count(distinct m.member_id) from {Reached}"), tenant, reach);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<IReadOnlyList<PastMember>> Page(
        string tenant, IReadOnlyList<(Guid Group, Period Period)> reach, Guid after, int count, CancellationToken cancellation)
    {
        await using var command = Reach(database.CreateCommand(FirstOfEach), tenant, reach).With(after).With((long)count);
        return await Members(command, cancellation);
    }

    /// <summary>By which direct memberships of these groups these members belonged to them.</summary>
    public async Task<IReadOnlyList<MembershipEdge>> EdgesOf(
        string tenant, IReadOnlyList<(Guid Group, Period Period)> reach, Guid[] members, CancellationToken cancellation)
    {
        await using var command = Reach(
            database.CreateCommand($"select distinct {Edge} from {Reached} where m.member_id = any($5)"), tenant, reach).With(members);
        return await Edges(command, cancellation);
    }

    /// <summary>The memberships that ended with the deletion of a member or a group, as group and member.</summary>
    public async Task<IReadOnlyList<(Guid Group, PastMember Member)>> EndedBy(string tenant, Guid id, Guid deletion, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select member_id, member_type, member_name, group_id from group_member
            where tenant_id = $1 and (member_id = $2 or group_id = $2) and removed_by = $3 order by group_id, member_id
            """).With(tenant).With(id).With(deletion);
        var ended = new List<(Guid, PastMember)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            ended.Add((row.GetGuid(3), new PastMember(row.GetGuid(0), row.GetString(1), row.GetString(2))));
        return ended;
    }

    private static string Changes()
    {
        var side = $"select m.member_id, m.member_type, m.member_name from group_member m where {Then} and m.member_id > $7";
        return $"""
            select a.member_id as before, b.member_id as after, coalesce(b.member_type, a.member_type) as type,
                coalesce(b.member_name, a.member_name) as name
            from ({side}) a
            full join ({side.Replace("$3", "$5", StringComparison.Ordinal).Replace("$4", "$6", StringComparison.Ordinal)}) b
                on a.member_id = b.member_id
            """;
    }

    private static NpgsqlCommand Reach(NpgsqlCommand command, string tenant, IReadOnlyList<(Guid Group, Period Period)> reach) => command
        .With(tenant).With([.. reach.Select(r => r.Group)]).With([.. reach.Select(r => r.Period.From)]).With([.. reach.Select(r => r.Period.To)]);

    private static async Task<IReadOnlyList<PastMember>> Members(NpgsqlCommand command, CancellationToken cancellation)
    {
        var members = new List<PastMember>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) members.Add(new PastMember(row.GetGuid(0), row.GetString(1), row.GetString(2)));
        return members;
    }

    private static async Task<IReadOnlyList<MembershipEdge>> Edges(NpgsqlCommand command, CancellationToken cancellation)
    {
        var edges = new List<MembershipEdge>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            edges.Add(new MembershipEdge(
                row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3), row.GetGuid(4), row.IsDBNull(5) ? null : row.GetGuid(5)));
        return edges;
    }
}

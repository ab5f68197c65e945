using Directory.Projections.Groups;
using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>
/// Makes the intervals of membership anew, a run of events at a time: what they change of earlier intervals is read, folded in memory with
/// what they begin, and all of it written at once.
/// </summary>
internal sealed class MembershipRebuild(EventPages pages) : IRebuild
{
    // Each is looked up by itself: a plan for all of them together may read the table from end to end.
    private const string OfPairs = $"""
        select {MembershipRow.Selected} from unnest($1, $2, $3) as k (tenant, outer_id, inner_id) cross join lateral (
            select *, ctid from group_member where tenant_id = k.tenant and group_id = k.outer_id and member_id = k.inner_id and removed_at is null offset 0) m
        """;

    private const string OfGroups = $"""
        select {MembershipRow.Selected} from unnest($1, $2) as k (tenant, outer_id) cross join lateral (
            select *, ctid from group_member where tenant_id = k.tenant and group_id = k.outer_id and removed_at is null offset 0) m
        """;

    private const string OfMembers = $"""
        select {MembershipRow.Selected} from unnest($1, $2, $3) as k (tenant, inner_id, all_of_it) cross join lateral (
            select *, ctid from group_member where tenant_id = k.tenant and member_id = k.inner_id and (removed_at is null or k.all_of_it) offset 0) m
        """;

    public bool NeedsIndexes => true;

    public async Task Take(NpgsqlTransaction transaction, long after, long through, Action<int, long> told, CancellationToken cancellation)
    {
        await foreach (var page in pages.Read(after, through, Changes, cancellation))
        {
            if (page.Made.Count > 0) await Take(transaction.Connection!, page.Made, cancellation);
            told(page.Events, page.Last);
        }
    }

    public Task TakeRest(NpgsqlTransaction transaction, long after, Action<int, long> told, CancellationToken cancellation) =>
        Take(transaction, after, long.MaxValue, told, cancellation);

    private static List<(IEvent Event, MembershipChange Change)> Changes(IEnumerable<IEvent> events) =>
        [.. events.SelectMany(e => MembershipChange.Of(e).Select(change => (e, change)))];

    private static async Task Take(NpgsqlConnection connection, List<(IEvent Event, MembershipChange Change)> changes, CancellationToken cancellation)
    {
        var fold = new MembershipFold();
        foreach (var row in await Stored(connection, changes, cancellation)) fold.Add(row);
        foreach (var (e, change) in changes) fold.Apply(e, change);

        var changed = fold.Changed.ToList();
        await using (var delete = new NpgsqlCommand("delete from group_member where ctid = any($1::tid[])", connection) { CommandTimeout = 0 })
        {
            Add(delete, NpgsqlDbType.Text, changed.Select(r => r.Place).OfType<string>());
            await delete.ExecuteNonQueryAsync(cancellation);
        }

        await RowCopy.Write(connection, "group_member", MembershipRow.Columns, changed.Select(r => r.Values()), cancellation);
    }

    /// <summary>What is stored of what the changes concern, each row once.</summary>
    private static async Task<IEnumerable<MembershipRow>> Stored(
        NpgsqlConnection connection, List<(IEvent Event, MembershipChange Change)> changes, CancellationToken cancellation)
    {
        var (pairs, groups) = (new HashSet<(string Tenant, Guid Group, Guid Member)>(), new HashSet<(string Tenant, Guid Group)>());
        var members = new Dictionary<(string Tenant, Guid Member), bool>();
        foreach (var (e, change) in changes)
            switch (change)
            {
                case MembershipChange.Opened:
                    break;
                case MembershipChange.Removed removed:
                    pairs.UnionWith(removed.Members.Select(member => (e.TenantId, e.StreamId, member)));
                    break;
                case MembershipChange.GroupEnded:
                    groups.Add((e.TenantId, e.StreamId));
                    break;
                default:
                    var key = (e.TenantId, e.StreamId);
                    members[key] = change is MembershipChange.Erased || members.GetValueOrDefault(key);
                    break;
            }

        var rows = new Dictionary<string, MembershipRow>(StringComparer.Ordinal);
        await using var ofPairs = new NpgsqlCommand(OfPairs, connection);
        Add(ofPairs, NpgsqlDbType.Text, pairs.Select(p => p.Tenant));
        Add(ofPairs, NpgsqlDbType.Uuid, pairs.Select(p => p.Group));
        Add(ofPairs, NpgsqlDbType.Uuid, pairs.Select(p => p.Member));
        await using var ofGroups = new NpgsqlCommand(OfGroups, connection);
        Add(ofGroups, NpgsqlDbType.Text, groups.Select(g => g.Tenant));
        Add(ofGroups, NpgsqlDbType.Uuid, groups.Select(g => g.Group));
        await using var ofMembers = new NpgsqlCommand(OfMembers, connection);
        Add(ofMembers, NpgsqlDbType.Text, members.Keys.Select(m => m.Tenant));
        Add(ofMembers, NpgsqlDbType.Uuid, members.Keys.Select(m => m.Member));
        Add(ofMembers, NpgsqlDbType.Boolean, members.Values);
        if (pairs.Count > 0) await Read(ofPairs, rows, cancellation);
        if (groups.Count > 0) await Read(ofGroups, rows, cancellation);
        if (members.Count > 0) await Read(ofMembers, rows, cancellation);
        return rows.Values;
    }

    private static async Task Read(NpgsqlCommand command, Dictionary<string, MembershipRow> rows, CancellationToken cancellation)
    {
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var read = MembershipRow.Read(row);
            rows.TryAdd(read.Place!, read);
        }
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}

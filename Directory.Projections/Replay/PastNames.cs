using Npgsql;

namespace Directory.Projections.Replay;

/// <summary>What users and groups were called at an instant: an entry knows the name before its change, so the next one tells it.</summary>
public sealed class PastNames(NpgsqlDataSource database)
{
    public async Task<IReadOnlyDictionary<Guid, string>> At(
        string tenant, IEnumerable<Guid> ids, DateTimeOffset instant, CancellationToken cancellation)
    {
        // No later entry lies before the first run of the sequence in which there is a later one: a group's thousands are not read from the oldest on.
        await using var command = database.CreateCommand("""
            with later as materialized (select coalesce(
                (select min(s.first_seq) from audit_span s where s.last_time > $3), (select max(s.last_seq) + 1 from audit_span s), 0) as seq)
            select i.id, coalesce(
                (select a.target_name from audit_entry a where a.tenant_id = $1 and a.seq = (
                    select min(b.seq) from audit_entry b where b.tenant_id = $1 and b.stream_id = i.id
                        and b.seq >= (select seq from later) and b.time > $3)),
                u.user_name, g.display_name, du.name, dg.name,
                (select a.target_name from audit_entry a where a.tenant_id = $1 and a.stream_id = i.id order by a.seq desc limit 1), '')
            from unnest($2) as i (id)
            left join scim_user u on u.tenant_id = $1 and u.id = i.id
            left join scim_group g on g.tenant_id = $1 and g.id = i.id
            left join deleted_user du on du.tenant_id = $1 and du.id = i.id
            left join deleted_group dg on dg.tenant_id = $1 and dg.id = i.id
            """).With(tenant).With([.. ids.Distinct()]).With(instant);
        var names = new Dictionary<Guid, string>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) names[row.GetGuid(0)] = row.GetString(1);
        return names;
    }
}

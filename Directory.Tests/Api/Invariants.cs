using Shouldly;

namespace Directory.Tests.Api;

/// <summary>What holds in the database after every accepted or refused request: one query each, which finds the rows that break it.</summary>
public static class Invariants
{
    private static readonly (string Claim, string Violations)[] All =
    [
        ("every event has exactly one audit entry, and every entry its event", """
            select e.seq_id::text || ' ' || e.type from mt_events e where e.type <> 'tombstone' and not exists (
                select from audit_entry a where a.id = e.id and a.seq = e.seq_id and a.tenant_id = e.tenant_id
                    and a.stream_id = e.stream_id and a.stream_version = e.version and a.event_type = e.type)
            union all
            select 'entry ' || a.seq from audit_entry a where not exists (select from mt_events e where e.id = a.id)
            """),
        ("the versions of a stream are 1, 2, 3 …", """
            select stream_id::text || ': ' || count(*) || ' events, ' || min(version) || ' to ' || max(version)
            from mt_events where type <> 'tombstone' group by tenant_id, stream_id
            having min(version) <> 1 or max(version) <> count(*) or count(distinct version) <> count(*)
            """),
        ("a stream is at the version of its last event, and none is without events", """
            select s.id::text from mt_streams s where s.version <> coalesce(
                (select max(e.version) from mt_events e where e.stream_id = s.id and e.tenant_id = s.tenant_id and e.type <> 'tombstone'), -1)
                and s.type is distinct from 'tombstone' and (s.version > 0 or exists (select from mt_events e where e.stream_id = s.id)) and not exists (
                    select from mt_events t where t.stream_id = s.id and t.type = 'tombstone')
            """),
        ("every user and group is read at the version of its stream, alive or deleted and never both", """
            with resource as (
                select tenant_id, id, version, stream_version from scim_user union all
                select tenant_id, id, version, stream_version from scim_group union all
                select tenant_id, id, version, stream_version from deleted_user union all
                select tenant_id, id, version, stream_version from deleted_group)
            select 'row ' || r.id from resource r where r.version > r.stream_version or not exists (
                select from mt_streams s where s.id = r.id and s.tenant_id = r.tenant_id and s.version = r.stream_version)
            union all
            select 'twice ' || id from resource group by tenant_id, id having count(*) > 1
            union all
            select 'stream ' || stream_id from mt_events e where e.type in ('user_created', 'group_created')
                and not exists (select from resource r where r.id = e.stream_id and r.tenant_id = e.tenant_id)
                and not exists (select from mt_events x where x.stream_id = e.stream_id and x.tenant_id = e.tenant_id and x.type = 'user_erased')
            """),
        ("a name belongs to one live user and to one live group", """
            select 'user ' || user_name_key from scim_user group by tenant_id, user_name_key having count(*) > 1
            union all
            select 'group ' || display_name_key from scim_group group by tenant_id, display_name_key having count(*) > 1
            """),
        ("what a filter sees is what a client sees", """
            select 'user ' || id from scim_user where (body::json ->> 'userName') is distinct from user_name
                or (body::json ->> 'externalId') is distinct from external_id
                or coalesce((body::json ->> 'active')::boolean, true) <> active
                or (body::json -> 'meta' ->> 'version') is distinct from 'W/"' || version || '"'
            union all
            select 'group ' || id from scim_group where (body::json ->> 'displayName') is distinct from display_name
                or (body::json -> 'meta' ->> 'version') is distinct from 'W/"' || version || '"'
            """),
        ("a membership is open once, between a live group and a live member", """
            select 'twice ' || group_id || ' ' || member_id from group_member where removed_at is null
                group by tenant_id, group_id, member_id having count(*) > 1
            union all
            select 'dangling ' || m.group_id || ' ' || m.member_id from group_member m where m.removed_at is null and not (
                exists (select from scim_group g where g.id = m.group_id and g.tenant_id = m.tenant_id)
                and (exists (select from scim_user u where u.id = m.member_id and u.tenant_id = m.tenant_id and m.member_type = 'User')
                    or exists (select from scim_group g where g.id = m.member_id and g.tenant_id = m.tenant_id and m.member_type = 'Group')))
            """),
        ("memberships are what the events about members say", """
            with change as (
                select e.tenant_id, e.stream_id as group_id, e.version, (m ->> 'id')::uuid as member_id, e.type = 'group_members_added' as added
                from mt_events e, jsonb_array_elements(e.data::jsonb -> 'members') m
                where e.type in ('group_members_added', 'group_members_removed'))
            select 'not opened ' || c.group_id || ' ' || c.member_id from change c where c.added and not exists (
                select from group_member m where m.tenant_id = c.tenant_id and m.group_id = c.group_id and m.member_id = c.member_id and m.added_version = c.version)
            union all
            select 'not from an event ' || m.group_id || ' ' || m.member_id from group_member m where not exists (
                select from change c where c.added and m.tenant_id = c.tenant_id and m.group_id = c.group_id and m.member_id = c.member_id and m.added_version = c.version)
            union all
            select 'not closed ' || c.group_id || ' ' || c.member_id from change c where not c.added and exists (
                select from group_member m where m.tenant_id = c.tenant_id and m.group_id = c.group_id and m.member_id = c.member_id
                    and m.added_version < c.version and m.removed_at is null)
            """),
    ];

    public static async Task ShouldHold(DirectoryFixture directory)
    {
        foreach (var (claim, sql) in All)
            (await directory.Column<string>(sql)).ShouldBeEmpty(claim);
    }
}

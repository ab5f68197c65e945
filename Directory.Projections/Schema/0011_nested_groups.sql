-- Groups as members of groups. The index is small, and empty where groups are not nested.

create index group_member_group on group_member (tenant_id, member_id) where member_type = 'Group' and removed_at is null;

-- Every group that someone is in, directly or as a member of a group in it. Called only where groups are nested.
create function scim_groups_of(tenant text, member uuid) returns table (group_id uuid, direct boolean) language plpgsql stable as $$
begin
    return query
        with recursive above (id, direct) as (
            select m.group_id, true from group_member m where m.tenant_id = tenant and m.member_id = member and m.removed_at is null
            union
            select m.group_id, false from above a
            join group_member m on m.tenant_id = tenant and m.member_id = a.id and m.member_type = 'Group' and m.removed_at is null)
        select above.id, bool_or(above.direct) from above group by above.id;
end $$;

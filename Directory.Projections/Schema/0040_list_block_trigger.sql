-- As in 0010_list_blocks.sql, without the function between: it is run for every user and group that is created.
create or replace function scim_block_of_new() returns trigger language plpgsql as $$
declare
    block uuid;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended(new.tenant_id, hashtext(tg_table_name)));
    select last_id into block from scim_block
    where tenant_id = new.tenant_id and resource_type = tg_table_name and last_id >= new.id order by last_id limit 1;
    if found then
        update scim_block set resources = resources + 1
        where tenant_id = new.tenant_id and resource_type = tg_table_name and last_id = block;
    end if;
    return null;
end $$;

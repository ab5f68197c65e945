-- Where the pages of a list begin: docs/decisions/0043-pages-cost-the-same.md. A cache: rows may be deleted at any time and are made
-- again by the next reader.

create table scim_block (
    tenant_id     text   not null,
    resource_type text   not null,   -- table of the resources
    last_id       uuid   not null,   -- the block holds the ids after those of the block before, up to this one
    resources     bigint not null,   -- how many of them there are now
    primary key (tenant_id, resource_type, last_id)
) with (fillfactor = 50);            -- room to count within the page

-- Called with the table, the tenant, the id and by how much the count of its block changes. The lock keeps a reader from making a
-- block between this look at the blocks and the end of the transaction. Ids beyond the last block are counted by whoever asks, so
-- that a create, whose id is the newest, changes nothing here.
create function scim_block_change(of_table text, tenant text, id uuid, change int) returns void language plpgsql as $$
declare
    block uuid;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended(tenant, hashtext(of_table)));
    select last_id into block from scim_block
    where tenant_id = tenant and resource_type = of_table and last_id >= id order by last_id limit 1;
    if found then
        update scim_block set resources = resources + change
        where tenant_id = tenant and resource_type = of_table and last_id = block;
    end if;
end $$;

create function scim_block_of_new() returns trigger language plpgsql as $$
begin
    perform scim_block_change(tg_table_name, new.tenant_id, new.id, 1);
    return null;
end $$;

create function scim_block_of_old() returns trigger language plpgsql as $$
begin
    perform scim_block_change(tg_table_name, old.tenant_id, old.id, -1);
    return null;
end $$;

create function scim_block_clear() returns trigger language plpgsql as $$
begin
    delete from scim_block where resource_type = tg_table_name;
    return null;
end $$;

create trigger scim_user_block_of_new after insert on scim_user for each row execute function scim_block_of_new();
create trigger scim_user_block_of_old after delete on scim_user for each row execute function scim_block_of_old();
create trigger scim_user_block_clear after truncate on scim_user for each statement execute function scim_block_clear();
create trigger scim_group_block_of_new after insert on scim_group for each row execute function scim_block_of_new();
create trigger scim_group_block_of_old after delete on scim_group for each row execute function scim_block_of_old();
create trigger scim_group_block_clear after truncate on scim_group for each statement execute function scim_block_clear();

-- How much happened when, for the overview: counted behind the writes, hour by hour, from the settled part of the sequence. It can be
-- emptied (together with activity_place) at any time and is counted again.

create table activity_hour (
    tenant_id text        not null,
    hour      timestamptz not null,                    -- its beginning
    action    text        not null,                    -- as in audit_entry
    entries   bigint      not null,
    no_ops    bigint      not null,                    -- of them those that changed nothing
    primary key (tenant_id, hour, action)
);

create table activity_place (
    one     boolean not null primary key default true check (one),
    through bigint  not null                           -- the sequence number up to which everything is counted
);

-- How many are inactive, without a look at the others.
create index scim_user_inactive on scim_user (tenant_id) where not active;

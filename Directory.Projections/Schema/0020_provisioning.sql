-- Whether SCIM answers, for a directory and for each connection; made from the events of provisioning. See docs/data-model.md.

create table provisioning (
    tenant_id     text        not null primary key,
    is_on         boolean     not null default false,
    switched_at   timestamptz,                         -- null: never switched on or off
    switch_reason text,
    paused_at     timestamptz,
    pause_reason  text,
    token_days    integer     not null default 365,
    silent_hours  integer     not null default 24
);

create table connection (
    tenant_id     text        not null,
    id            uuid        not null,
    name          text        not null,
    created_at    timestamptz not null,
    paused_at     timestamptz,
    pause_reason  text,
    is_braked     boolean     not null default false,  -- paused by its brake
    brake_changes integer,                             -- null: no brake
    brake_minutes integer,
    removed_at    timestamptz,
    primary key (tenant_id, id)
);

insert into provisioning (tenant_id, is_on, switched_at, switch_reason)
select distinct on (tenant_id) tenant_id, type = 'provisioning_enabled', timestamp, data ->> 'reason'
from mt_events where type in ('provisioning_enabled', 'provisioning_disabled') order by tenant_id, seq_id desc;

insert into connection (tenant_id, id, name, created_at)
select tenant_id, (data ->> 'connectionId')::uuid, data ->> 'name', timestamp from mt_events where type = 'connection_created'
on conflict do nothing;

alter table credential
    add column not_before timestamptz,
    add column warned_on  date;                        -- when its expiry was last warned of
